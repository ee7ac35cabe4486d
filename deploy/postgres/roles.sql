-- One role per module, each the owner of its own schema and of nothing else: a module cannot read another's tables, nor
-- make a schema. Run once, as a superuser, in the database that the modules share. The passwords are for one's own
-- machine (docker-compose.yml) and refused with DESPENSA_ENV=produccion: choose others there.

create role clientes login password 'solo-local-clientes' connection limit 40;
create role pagos login password 'solo-local-pagos' connection limit 40;
create role rutas login password 'solo-local-rutas' connection limit 40;

create schema clientes authorization clientes;
create schema pagos authorization pagos;
create schema rutas authorization rutas;

-- Everybody may connect to every database, make temporary tables and look into public unless told otherwise.
do $$ begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to clientes, pagos, rutas', current_database());
end $$;
revoke all on schema public from public;
revoke connect on database postgres from public;
revoke connect on database template1 from public;
