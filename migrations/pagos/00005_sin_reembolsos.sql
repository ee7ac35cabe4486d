-- +goose Up
-- The version of the row whose writer knew that the cobro has no refunds. Where it is the row's version they need not be
-- read; any other value, such as that of a row of an earlier release, says nothing.
alter table cobros add column sin_reembolsos bigint not null default 0;

-- +goose Down
alter table cobros drop column sin_reembolsos;
