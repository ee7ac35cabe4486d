-- +goose Up

-- Leases of orders that owe nothing, which are few. Every other lease stands in pedidos_debe: an index of all of them
-- was written anew by each save of an order, and read at a start and by one look in twenty.
drop index pedidos_lease;
create index pedidos_lease on pedidos (lease) where lease > 0 and debe is null;

-- +goose Down
drop index pedidos_lease;
create index pedidos_lease on pedidos (lease) where lease > 0;
