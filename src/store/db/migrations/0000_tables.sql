CREATE TABLE "accounts" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_name" text NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"password_hash" text NOT NULL,
	"must_change_password" boolean NOT NULL,
	"act_on_behalf" boolean NOT NULL,
	"revoked_at" bigint,
	"created_at" bigint NOT NULL,
	CONSTRAINT "accounts_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "devices" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"created_at" bigint NOT NULL,
	"last_seen_at" bigint NOT NULL,
	"revoked_at" bigint,
	CONSTRAINT "devices_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"desk_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"target_id" uuid NOT NULL,
	CONSTRAINT "grants_desk_id_account_id_kind_target_id_pk" PRIMARY KEY("desk_id","account_id","kind","target_id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"device_id" uuid NOT NULL,
	"refresh_hash" text NOT NULL,
	"previous_refresh_hash" text,
	"refresh_request_id" uuid,
	"access_hash" text NOT NULL,
	"access_expires_at" bigint NOT NULL,
	"previous_access_hash" text,
	"previous_access_expires_at" bigint,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint NOT NULL,
	"revoked_at" bigint,
	CONSTRAINT "sessions_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "assets" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer NOT NULL,
	"doc" text NOT NULL,
	CONSTRAINT "assets_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "change_log" (
	"desk_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"txid" bigint NOT NULL,
	"entity" text NOT NULL,
	"entity_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"previous_version" integer NOT NULL,
	"before" text,
	"after" text,
	"hash" text NOT NULL,
	CONSTRAINT "change_log_desk_id_seq_pk" PRIMARY KEY("desk_id","seq")
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"desk_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"year" integer NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "counters_desk_id_kind_year_pk" PRIMARY KEY("desk_id","kind","year")
);
--> statement-breakpoint
CREATE TABLE "desks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"settings" text NOT NULL,
	"epoch" uuid NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer NOT NULL,
	"doc" text NOT NULL,
	"active" boolean NOT NULL,
	"team_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "memberships_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "org_units" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer NOT NULL,
	"doc" text NOT NULL,
	CONSTRAINT "org_units_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer NOT NULL,
	"doc" text NOT NULL,
	CONSTRAINT "people_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "services" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer NOT NULL,
	"doc" text NOT NULL,
	CONSTRAINT "services_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "sites" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer NOT NULL,
	"doc" text NOT NULL,
	CONSTRAINT "sites_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer NOT NULL,
	"doc" text NOT NULL,
	"active" boolean NOT NULL,
	"triage" boolean NOT NULL,
	CONSTRAINT "teams_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"device_id" uuid NOT NULL,
	"incarnation" uuid NOT NULL,
	"n" integer NOT NULL,
	"hash" text NOT NULL,
	"ticket_id" uuid NOT NULL,
	"type" text NOT NULL,
	"account_id" uuid NOT NULL,
	"refused" boolean NOT NULL,
	"recorded_at" bigint NOT NULL,
	"envelope" text NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "commands_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"desk_id" uuid NOT NULL,
	"ticket_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"recorded_at" bigint NOT NULL,
	"from_tier" smallint,
	"to_tier" smallint,
	"doc" text NOT NULL,
	CONSTRAINT "entries_desk_id_ticket_id_seq_pk" PRIMARY KEY("desk_id","ticket_id","seq")
);
--> statement-breakpoint
CREATE TABLE "incarnations" (
	"desk_id" uuid NOT NULL,
	"device_id" uuid NOT NULL,
	"incarnation" uuid NOT NULL,
	"last_n" integer NOT NULL,
	"last_hash" text NOT NULL,
	CONSTRAINT "incarnations_desk_id_device_id_incarnation_pk" PRIMARY KEY("desk_id","device_id","incarnation")
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"desk_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer NOT NULL,
	"number" text,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"tier" smallint NOT NULL,
	"site_id" uuid NOT NULL,
	"team_id" uuid NOT NULL,
	"assignee_id" uuid,
	"registered_by" uuid NOT NULL,
	"registered_at" bigint NOT NULL,
	"closed_recorded_at" bigint,
	"doc" text NOT NULL,
	CONSTRAINT "tickets_desk_id_id_pk" PRIMARY KEY("desk_id","id")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "counters" ADD CONSTRAINT "counters_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "org_units" ADD CONSTRAINT "org_units_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "people" ADD CONSTRAINT "people_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "services" ADD CONSTRAINT "services_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sites" ADD CONSTRAINT "sites_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "teams" ADD CONSTRAINT "teams_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_user_name" ON "accounts" USING btree ("user_name");--> statement-breakpoint
CREATE UNIQUE INDEX "devices_prefix" ON "devices" USING btree ("desk_id","prefix");--> statement-breakpoint
CREATE INDEX "devices_account" ON "devices" USING btree ("desk_id","account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_id" ON "sessions" USING btree ("id");--> statement-breakpoint
CREATE INDEX "sessions_device" ON "sessions" USING btree ("desk_id","device_id");--> statement-breakpoint
CREATE INDEX "change_log_entity" ON "change_log" USING btree ("desk_id","entity_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "memberships_person_team" ON "memberships" USING btree ("desk_id","person_id","team_id");--> statement-breakpoint
CREATE UNIQUE INDEX "commands_chain" ON "commands" USING btree ("desk_id","device_id","incarnation","n");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_number" ON "tickets" USING btree ("desk_id","number") WHERE number is not null;--> statement-breakpoint
CREATE INDEX "tickets_site" ON "tickets" USING btree ("desk_id","site_id");--> statement-breakpoint
CREATE INDEX "tickets_team" ON "tickets" USING btree ("desk_id","team_id");--> statement-breakpoint
CREATE INDEX "tickets_assignee" ON "tickets" USING btree ("desk_id","assignee_id");--> statement-breakpoint
CREATE INDEX "tickets_author" ON "tickets" USING btree ("desk_id","registered_by","registered_at");