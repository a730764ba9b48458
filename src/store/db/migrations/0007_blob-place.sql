CREATE TABLE "blob_place" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" uuid NOT NULL,
	"marked_at" bigint,
	"collected_at" bigint
);
