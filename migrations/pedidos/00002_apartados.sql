-- +goose Up

-- Orders whose document cannot be read. Such an order is due no more and publishes nothing, in any release, until a
-- person takes it up again.
create table apartados (
	pedido  text not null primary key,
	debe    bigint not null, -- when it was due, or created
	eventos bigint not null  -- what pedidos.eventos said
);

-- Stock that cannot be read publishes no movements: the number of those that wait is negative.
create index existencias_apartadas on existencias (id) where pendientes < 0;

-- +goose Down
drop index existencias_apartadas;
drop table apartados;
