-- +goose Up

-- An integrator's own name for the order; null: it has none, as all orders of earlier releases.
alter table pedidos add column referencia text;
create index pedidos_referencia on pedidos (referencia, creado, id) where referencia is not null;
create index pedidos_cliente_referencia on pedidos (cliente, referencia, creado, id) where referencia is not null;

-- The diary: events of all orders, numbered from 1 without gaps. An event gets its number by itself, some time after its
-- row: rows that an earlier release wrote get theirs from the program.
alter table eventos add column numero bigint; -- null: it has none yet
alter table eventos add column tipo text;     -- set with numero; empty: the document cannot be read
create unique index eventos_numero on eventos (numero) where numero is not null;
create index eventos_tipo on eventos (tipo, numero) where numero is not null;
create index eventos_sin_numero on eventos (pedido, seq) where numero is null;

-- +goose Down
drop index eventos_sin_numero;
drop index eventos_tipo;
drop index eventos_numero;
alter table eventos drop column tipo;
alter table eventos drop column numero;
drop index pedidos_cliente_referencia;
drop index pedidos_referencia;
alter table pedidos drop column referencia;
