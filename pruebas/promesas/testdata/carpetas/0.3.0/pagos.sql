begin;
CREATE TABLE migraciones_pagos (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
CREATE TABLE cobros (
	id            text not null primary key,
	pedido        text not null,
	intento       bigint not null,
	cliente       text not null,
	metodo        text not null,
	marca         text not null,
	cuotas        bigint not null,
	proveedor     text not null,
	monto         bigint not null check (monto > 0), -- centavos, as all amounts
	cobrado       bigint not null check (cobrado >= 0),
	reembolsado   bigint not null check (reembolsado >= 0),
	estado        text not null,
	vista         text not null, -- the furthest the gateway was seen to be
	cierre        text not null, -- how the intento ended; '' = open
	anulado       boolean not null,
	motivo        text not null,
	instrucciones text not null,
	desafio       text not null,
	orden         text not null, -- the gateway's id; '' = not known
	transaccion   text not null,
	accion        text not null, -- the call that may be in flight; '' = none
	hasta         bigint,        -- until when it may be
	debe          bigint,        -- when to look after it; null = never
	sondeos       bigint not null,
	vence         bigint,
	creado        bigint not null,
	cambiado      bigint not null,
	version       bigint not null, mirado bigint,
	unique (pedido, intento)
);
CREATE TABLE reembolsos (
	cobro  text not null references cobros (id),
	id     text not null,
	orden  bigint not null, -- 1, 2, … within the cobro
	monto  bigint not null check (monto > 0),
	estado text not null,
	ajeno  text not null, -- the gateway's id; '' = not known
	primary key (cobro, id)
);
CREATE TABLE lapidas (
	pedido  text not null,
	intento bigint not null,
	creado  bigint not null,
	primary key (pedido, intento)
);
CREATE TABLE inbox (
	proveedor text not null,
	dato      text not null, -- the gateway's id of the order
	solicitud text not null, -- the provider's id of the delivery
	recibido  bigint not null,
	debe      bigint, -- when to look at it; null = done
	intentos  bigint not null,
	primary key (proveedor, dato, solicitud)
);
CREATE TABLE avisos (
  id       varchar(36) primary key,
  pedido   varchar(36) not null,
  intento  integer not null,
  intentos integer not null,
  proximo  bigint not null,
  creado   bigint not null
);
CREATE TABLE trabajos (
    nombre varchar(64) primary key,
    quien  varchar(64) not null,
    hasta  bigint not null
);
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (1, 0, 1, '2026-11-30 05:40:05');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (2, 1, 1, '2026-11-30 05:40:05');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (3, 2, 1, '2026-11-30 05:40:05');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (4, 3, 1, '2026-11-30 05:40:05');
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('b68922cc-f90a-84b0-a4c8-772db1a53d08', 'c366ebec-1c04-8961-96cd-8b2cb755e30b', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3J510K7KSQ1GQ1VW7GB5', 'PAY01KJSS3J518V8A2SBG1HYDBWGX', '', NULL, NULL, 0, NULL, 1772539201677, 1772539201754, 4, 1772539201754);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('145b4cc8-50fc-843c-95f8-f798625bb820', '63c24632-e4b2-8ccf-b75e-8199ae2182fb', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 1464000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3JE9V2HE1Q7QF51S653M', 'PAY01KJSS3JE9TCH94YG8A7VYTMY9', '', NULL, NULL, 0, NULL, 1772539201988, 1772539202265, 6, 1772539202265);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('f0ce64ea-202a-8bdd-b2c9-f9b493427967', '96fff725-86f3-8fd9-86fa-192ff85e4ce7', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3JSGREMH54FZ4A8923BS', 'PAY01KJSS3JSGY98B7SMJTG8WXKY5', '', NULL, NULL, 0, NULL, 1772539202350, 1772539202373, 4, 1772539202373);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('97cb579b-e1a4-8b0f-a124-ffb1bb5dc6b2', 'c1015d29-f258-86ee-83d9-d0f358953d27', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3JVE4QZRE2CY5C78F7CK', 'PAY01KJSS3JVEFZBDBW9QB67P30XA', '', NULL, NULL, 0, NULL, 1772539202412, 1772539202425, 3, 1772539202415);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('b211b4c3-42a0-8372-a9ed-a238a90f8828', '53271ca8-f43f-8e5e-9444-94516e12f3eb', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3JWFAMSS8RTZKDW1JJC7', 'PAY01KJSS3JWFFYRGR1D2DZQ23ZDY', '', NULL, NULL, 0, NULL, 1772539202443, 1772539202506, 3, 1772539202478);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('fce64537-43ba-837b-8ac1-8faa89100282', '53271ca8-f43f-8e5e-9444-94516e12f3eb', 2, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3JZ65D2XP85JW74SVTVR', 'PAY01KJSS3JZ6D9R952J685Z8GKKZ', '', NULL, NULL, 0, NULL, 1772539202532, 1772539202555, 3, 1772539202541);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('4ba9892b-28ab-8591-a84d-fd3271348c69', '53271ca8-f43f-8e5e-9444-94516e12f3eb', 3, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3K166S2X6XKARCCTQC18', 'PAY01KJSS3K16G17C6TZMFGR5C3KB', '', NULL, NULL, 0, NULL, 1772539202593, 1772539202625, 3, 1772539202602);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('9c5f4c27-0409-8694-a1e1-29c784beeba7', '34ac4b71-5ae6-8ef0-bb01-cd2823aba46d', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3K2FY8J15TKDPF1B1ZEN', 'PAY01KJSS3K2FQD2ZGPGEAS960DWR', '', NULL, NULL, 0, NULL, 1772539202638, 1772539202743, 6, 1772539202743);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('2b60c3f1-4be5-830a-8e12-f923288e4f94', 'bfa796dd-b8c0-8e51-a696-1fd51f8a50a7', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'efectivo', '', 1, 'mercadopago', 490000, 0, 0, 'pendiente', 'en_espera', '', 0, '', 'Pagar en: rapipago; código: 8862474576749604256; código de barras: 88624745767496042561977865739997993265', '', 'ORDTST01KJSS3K5ZV1AMKB68A06JXY40', 'PAY01KJSS3K5ZBNN1Q5MK9WTA856B', '', NULL, 1772539203359, 3, 1772798402740, 1772539202749, 1772539203159, 5, 1772539203159);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('982b1da9-f273-8e13-8aa8-fc9ad32d3bc7', 'e642421c-ad53-8f34-9cbb-1411c2953bed', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 1000, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3K6PQ7YEWJFE1FKT3RRX', 'PAY01KJSS3K6P2SKWW1YV5SSEQ45N', '', NULL, NULL, 0, NULL, 1772539202773, 1772539202805, 6, 1772539202805);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('4eef0015-99c8-83a3-8875-b2b27e9d9766', 'b54944ba-06da-828b-b458-fc623c6b3207', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3K8HJSMHG1EQT3NTESMB', 'PAY01KJSS3K8H8PDHCWXHFH05PMZ2', '', NULL, NULL, 0, NULL, 1772539202831, 1772539202981, 6, 1772539202981);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('beb089db-f80f-8e3b-ac60-0924bd3ecdb6', 'b8354a87-4635-8316-b9fc-09e570b6aeac', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3KD1214W8KNKRNGJF19T', 'PAY01KJSS3KD1EM98SYMX4CNCCEN7', 'reembolsar', 1772539218017, 1772539219017, 0, NULL, 1772539202950, 1772539203017, 5, 1772539202994);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('b0dcf014-825e-8d0e-9fdb-68d9a7ff7f9b', 'c79c59f0-2a8e-8c49-9873-fa56c20f8d00', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3KEQ7C7A7N2ESK36CEKV', 'PAY01KJSS3KEQGYKTCE014TY5B8Q0', '', NULL, NULL, 0, NULL, 1772539203030, 1772539203040, 4, 1772539203040);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('88006419-63c8-84fa-be3e-6200550e331f', '7f67b6b7-384c-8f67-a666-661f52ec7e45', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3KFWM5C0B8TNG82AT5E0', 'PAY01KJSS3KFWRGE04FACJCF9BVBH', '', NULL, NULL, 0, NULL, 1772539203067, 1772539203182, 4, 1772539203182);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('669bfbbf-0b8c-8fb3-b4c2-d8baa3df14f7', 'f3864f24-6106-836b-be1f-0e2a3856ee3f', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 377000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3KGEWE7KK4WH0B5WXV6P', 'PAY01KJSS3KGE2AQ3PWYKW0VZ7CSX', 'capturar', 1772539218105, 1772539219105, 0, NULL, 1772539203085, 1772539203104, 3, 1772539203089);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('d84b9b3a-25ec-8fc3-b20f-08444dbc7a80', '3c1264d4-702d-889d-a1cc-42a8653f837e', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 363000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3KHJNE77Y1K2HJYT2MGM', 'PAY01KJSS3KHJ6REEXKNB74323QRX', '', NULL, 1772542803125, 0, NULL, 1772539203119, 1772539203125, 2, 1772539203125);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('b8dc6b2b-645f-8d7b-b331-d803c4344946', 'e1380b08-9195-8c2e-9087-4c274bfe65c3', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 449000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3KJBPJ94QNMN708ZF6ND', 'PAY01KJSS3KJBE27P8DGTTGD036NG', '', NULL, 1772542803149, 0, NULL, 1772539203146, 1772539203149, 2, 1772539203149);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('443b75b3-e2d9-820c-92fe-97d7e89df07c', 'ba58c62b-a89d-8bb5-8772-baa4946fc890', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 408000, 0, 0, 'pendiente', '', '', 0, '', '', '', '', '', 'crear', 1772539218174, 1772539219174, 0, NULL, 1772539203174, 1772539203174, 1, NULL);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado") values ('5b5498ba-c1d2-8369-84a8-62268cfdcf6b', 'c3168846-44e6-8cb2-8fe4-39ee065c555a', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 384000, 0, 0, 'pendiente', '', '', 0, '', '', '', '', '', 'crear', 1772539218205, 1772539219205, 0, NULL, 1772539203205, 1772539203205, 1, NULL);
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno") values ('145b4cc8-50fc-843c-95f8-f798625bb820', 'anulacion-1464000', 1, 1464000, 'hecho', 'REF01KJSS3JPJTHNG46RHMKYD4B2Y');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno") values ('9c5f4c27-0409-8694-a1e1-29c784beeba7', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3K5PEWSB8QSK8E3Y9QB9');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno") values ('982b1da9-f273-8e13-8aa8-fc9ad32d3bc7', '19f434d8-18a3-878c-9050-00401ea1946d', 1, 1000, 'hecho', 'REF01KJSS3K7MZHBEJXPT1F02CJ21');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno") values ('4eef0015-99c8-83a3-8875-b2b27e9d9766', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3KAAQW7F158S16DCJQ4J');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno") values ('beb089db-f80f-8e3b-ac60-0924bd3ecdb6', '43efbcf7-3937-8899-855e-8d582d07fb05', 1, 1000, 'pedido', '');
insert into "lapidas" ("pedido", "intento", "creado") values ('63c24632-e4b2-8ccf-b75e-8199ae2182fb', 1, 1772539202242);
insert into "lapidas" ("pedido", "intento", "creado") values ('c1015d29-f258-86ee-83d9-d0f358953d27', 1, 1772539202425);
insert into "lapidas" ("pedido", "intento", "creado") values ('53271ca8-f43f-8e5e-9444-94516e12f3eb', 1, 1772539202506);
insert into "lapidas" ("pedido", "intento", "creado") values ('53271ca8-f43f-8e5e-9444-94516e12f3eb', 2, 1772539202555);
insert into "lapidas" ("pedido", "intento", "creado") values ('53271ca8-f43f-8e5e-9444-94516e12f3eb', 3, 1772539202625);
insert into "lapidas" ("pedido", "intento", "creado") values ('34ac4b71-5ae6-8ef0-bb01-cd2823aba46d', 1, 1772539202737);
insert into "lapidas" ("pedido", "intento", "creado") values ('b54944ba-06da-828b-b458-fc623c6b3207', 1, 1772539202887);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J510K7KSQ1GQ1VW7GB5', 'NOT01KJSS3J510AFNDJ55QW0CDD7A', 1772539201798, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3J510K7KSQ1GQ1VW7GB5', 'NOT01KJSS3J6S1M29TGX6JKFG3KG5', 1772539201943, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JE9V2HE1Q7QF51S653M', 'NOT01KJSS3JE9NFY3DC2KMEBB7KCH', 1772539202100, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JE9V2HE1Q7QF51S653M', 'NOT01KJSS3JF2NJQYN2G65N4KCF09', 1772539202230, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JE9V2HE1Q7QF51S653M', 'NOT01KJSS3JPJR1RFYQ2A9G9Q10T2', 1772539202376, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JSGREMH54FZ4A8923BS', 'NOT01KJSS3JSG58K10ANA3KETNHFA', 1772539202474, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JVE4QZRE2CY5C78F7CK', 'NOT01KJSS3JVE87HCZTPKBF2F862N', 1772539202518, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JSGREMH54FZ4A8923BS', 'NOT01KJSS3JT4G2NW4CB0RGJNW3YZ', 1772539202519, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JWFAMSS8RTZKDW1JJC7', 'NOT01KJSS3JWFAC366ME1AGQRM884', 1772539202565, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3JZ65D2XP85JW74SVTVR', 'NOT01KJSS3JZ640W2CC9AXYZ63HTM', 1772539202643, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K166S2X6XKARCCTQC18', 'NOT01KJSS3K16H6S40B2TW8X30XKM', 1772539202735, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K2FY8J15TKDPF1B1ZEN', 'NOT01KJSS3K2F7DT8RBFNZZTQHSN3', 1772539202763, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K2FY8J15TKDPF1B1ZEN', 'NOT01KJSS3K4QT5Y30RRN321AJ003', 1772539202829, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K2FY8J15TKDPF1B1ZEN', 'NOT01KJSS3K5PEJJ35S179QDNWJBP', 1772539202854, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K5ZV1AMKB68A06JXY40', 'NOT01KJSS3K5ZVV79F8DNRVBM4TFR', 1772539202854, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K6PQ7YEWJFE1FKT3RRX', 'NOT01KJSS3K70XF36BBW4K1C7V4DB', 1772539202895, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K6PQ7YEWJFE1FKT3RRX', 'NOT01KJSS3K6P8SWJ750A7YEPVHG2', 1772539202899, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K6PQ7YEWJFE1FKT3RRX', 'NOT01KJSS3K7M95WC89Z4CBRPT9PG', 1772539202943, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K8HJSMHG1EQT3NTESMB', 'NOT01KJSS3K8HGTM57DTZBS62N185', 1772539202950, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K8HJSMHG1EQT3NTESMB', 'NOT01KJSS3K91RV2FVNZW4ZE5FN94', 1772539203003, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3K8HJSMHG1EQT3NTESMB', 'NOT01KJSS3KAA2YQZ3RC2CTFVK20Y', 1772539203005, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3KD1214W8KNKRNGJF19T', 'NOT01KJSS3KD1N8XDZDRQFEHEHKNE', 1772539203097, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3KD1214W8KNKRNGJF19T', 'NOT01KJSS3KDF9PY1S50DCXV8X8B6', 1772539203100, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3KEQ7C7A7N2ESK36CEKV', 'NOT01KJSS3KEQGDJN1CC2EZHGSA38', 1772539203149, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3KEQ7C7A7N2ESK36CEKV', 'NOT01KJSS3KEZZZRP0PV7K4XP12CW', 1772539203149, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3KFWM5C0B8TNG82AT5E0', 'NOT01KJSS3KFWDT8FFFB1NGPRZ00H', 1772539203176, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3KFWM5C0B8TNG82AT5E0', 'NOT01KJSS3KG21PSMX0KX931S2G27', 1772539203181, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3KGEWE7KK4WH0B5WXV6P', 'NOT01KJSS3KGEWWPT6SGQVFYS2F1J', 1772539203216, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3KHJNE77Y1K2HJYT2MGM', 'NOT01KJSS3KHJRM1NF8D8ZJFRRWJX', 1772539203241, 1772539203261, 0);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3KJBPJ94QNMN708ZF6ND', 'NOT01KJSS3KJB4AFA4XJATFHCE60Z', 1772539203267, 1772539203287, 0);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22af7-b9aa-7bb5-8e01-d217024dfb66', 'b54944ba-06da-828b-b458-fc623c6b3207', 1, 1, 1796017207979, 1796017207722);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22af7-ba72-712b-a995-a511122fa29a', '7f67b6b7-384c-8f67-a666-661f52ec7e45', 1, 1, 1796017208172, 1796017207922);
delete from sqlite_sequence;
insert into "sqlite_sequence" ("name", "seq") values ('migraciones_pagos', 4);
CREATE INDEX cobros_lista on cobros (creado, id);
CREATE INDEX cobros_cliente on cobros (cliente, creado, id);
CREATE INDEX cobros_estado on cobros (estado, creado, id);
CREATE INDEX cobros_orden on cobros (orden) where orden <> '';
CREATE INDEX cobros_debe on cobros (debe) where debe is not null;
CREATE INDEX inbox_debe on inbox (debe) where debe is not null;
CREATE INDEX inbox_recibido on inbox (recibido);
CREATE INDEX avisos_proximo on avisos (proximo);
commit;
