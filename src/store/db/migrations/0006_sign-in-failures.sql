CREATE TABLE "sign_in_failures" (
	"key" text PRIMARY KEY NOT NULL,
	"times" bigint[] NOT NULL,
	"last_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "sign_in_failures_last" ON "sign_in_failures" USING btree ("last_at");