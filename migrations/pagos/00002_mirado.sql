-- +goose Up
-- When the gateway last answered about a charge; null where it never did, or an earlier
-- release wrote it.
alter table cobros add column mirado bigint;

-- +goose Down
alter table cobros drop column mirado;
