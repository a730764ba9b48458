CREATE TABLE "attachments" (
	"desk_id" uuid NOT NULL,
	"command_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"attachment_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"author_id" uuid NOT NULL,
	"added" boolean NOT NULL,
	"arrived_at" bigint,
	CONSTRAINT "attachments_desk_id_command_id_pk" PRIMARY KEY("desk_id","command_id")
);
--> statement-breakpoint
CREATE TABLE "blob_holders" (
	"desk_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"person_id" uuid NOT NULL,
	"held_at" bigint NOT NULL,
	CONSTRAINT "blob_holders_desk_id_sha256_person_id_pk" PRIMARY KEY("desk_id","sha256","person_id")
);
--> statement-breakpoint
CREATE TABLE "blobs" (
	"desk_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"object_name" text NOT NULL,
	"stored_at" bigint NOT NULL,
	CONSTRAINT "blobs_desk_id_sha256_pk" PRIMARY KEY("desk_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "upload_parts" (
	"desk_id" uuid NOT NULL,
	"upload_id" uuid NOT NULL,
	"start" bigint NOT NULL,
	"size" bigint NOT NULL,
	"object_name" text NOT NULL,
	CONSTRAINT "upload_parts_desk_id_upload_id_start_pk" PRIMARY KEY("desk_id","upload_id","start")
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"attachment_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"touched_at" bigint NOT NULL,
	"finished_at" bigint,
	CONSTRAINT "uploads_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE INDEX "attachments_ticket" ON "attachments" USING btree ("desk_id","ticket_id","attachment_id");--> statement-breakpoint
CREATE INDEX "attachments_file" ON "attachments" USING btree ("desk_id","sha256");--> statement-breakpoint
CREATE INDEX "attachments_waiting" ON "attachments" USING btree ("desk_id","sha256","author_id") WHERE added and arrived_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "blobs_object" ON "blobs" USING btree ("object_name");--> statement-breakpoint
CREATE UNIQUE INDEX "upload_parts_object" ON "upload_parts" USING btree ("object_name");--> statement-breakpoint
CREATE UNIQUE INDEX "uploads_open" ON "uploads" USING btree ("desk_id","person_id","sha256") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "uploads_touched" ON "uploads" USING btree ("touched_at");