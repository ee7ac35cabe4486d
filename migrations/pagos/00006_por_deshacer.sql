-- +goose Up
-- Closed cobros that still have something to get rid of, which are few and counted by each scrape. By cobros_debe alone
-- every charge of an open order was read for it.
create index cobros_por_deshacer on cobros (debe, cierre) where debe is not null and cierre <> '';

-- +goose Down
drop index cobros_por_deshacer;
