-- +goose Up

-- Places that orders take, a row of one customer or of one address (BSON): orders that wait for a method that takes days,
-- payments that were refused within the hour.
create table cupos (
	id      text not null primary key,
	version bigint not null,
	vence   bigint not null, -- Unix ms; from then on the row says nothing
	doc     {{.Blob}} not null
);
create index cupos_vence on cupos (vence);

-- +goose Down
drop table cupos;
