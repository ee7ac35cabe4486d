-- +goose Up

-- The category without accents and case, which is what it is searched by. SQL cannot fold text: rows that are here get
-- theirs from the program, which looks for products that have none, or an old one, at every start.
alter table productos add column categoria_plegada text;
create index productos_categoria_plegada on productos (categoria_plegada, creado, id);

-- +goose Down
drop index productos_categoria_plegada;
alter table productos drop column categoria_plegada;
