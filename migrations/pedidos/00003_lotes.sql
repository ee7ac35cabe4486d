-- +goose Up

-- The date of each batch of a product, one over all depots: the first that was said of it. A batch that an earlier
-- release took in gets its row with its next intake.
create table lotes (
	producto text not null,
	lote     text not null,
	vence    bigint, -- Unix ms; null: its goods keep
	primary key (producto, lote)
);

-- +goose Down
drop table lotes;
