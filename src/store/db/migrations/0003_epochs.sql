CREATE TABLE "orphans" (
	"desk_id" uuid NOT NULL,
	"command_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"place" bigserial NOT NULL,
	"actor" text NOT NULL,
	"recorded_at" bigint NOT NULL,
	"carried_at" bigint,
	CONSTRAINT "orphans_desk_id_command_id_pk" PRIMARY KEY("desk_id","command_id")
);
--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "wiped_at" bigint;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "handed_in" integer;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "left_behind" integer;--> statement-breakpoint
ALTER TABLE "desks" ADD COLUMN "restored_at" bigint;--> statement-breakpoint
ALTER TABLE "desks" ADD COLUMN "seal_key" text DEFAULT replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '') NOT NULL;--> statement-breakpoint
ALTER TABLE "desks" ADD COLUMN "cluster" text;--> statement-breakpoint
CREATE INDEX "orphans_ticket" ON "orphans" USING btree ("desk_id","ticket_id","place");