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
	version       bigint not null, mirado bigint, contracargo boolean not null default false, sin_reembolsos bigint not null default 0,
	unique (pedido, intento)
);
CREATE TABLE reembolsos (
	cobro  text not null references cobros (id),
	id     text not null,
	orden  bigint not null, -- 1, 2, … within the cobro
	monto  bigint not null check (monto > 0),
	estado text not null,
	ajeno  text not null, motivo text not null default '', -- the gateway's id; '' = not known
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
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (1, 0, 1, '2026-12-01 13:57:33');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (2, 1, 1, '2026-12-01 13:57:33');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (3, 2, 1, '2026-12-01 13:57:33');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (4, 3, 1, '2026-12-01 13:57:33');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (5, 4, 1, '2026-12-01 13:57:33');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (6, 5, 1, '2026-12-01 13:57:33');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (7, 6, 1, '2026-12-01 13:57:33');
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('f5fd194d-9d39-8d3c-bb40-99fa37721614', 'f0f45389-4210-8cd6-b078-60748c09b771', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3GZ2470Y4XJBNJD8W526', 'PAY01KJSS3GZ2Z2Z8XRDFD44XZQZ1', '', NULL, 1772542800492, 0, NULL, 1772539200478, 1772539200492, 4, 1772539200492, 0, 4);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('1e98f139-baa9-8302-b243-4fbdf0807aef', '88e53d9b-5a71-869d-93eb-1014833c217f', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 1464000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3H194X0DAK9T2C09ZDPS', 'PAY01KJSS3H192KRHDDS76KTV92VG', '', NULL, NULL, 0, NULL, 1772539200552, 1772539200617, 6, 1772539200617, 0, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('ef480e79-57b4-8608-8bbf-6b25dceb1113', '2de8e2be-a0e9-8a1b-963e-5abebb379971', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3H4Y4M7TDP4206J0437Q', 'PAY01KJSS3H4Y6PXT73JZKEFFSVVF', '', NULL, 1772542800679, 0, NULL, 1772539200668, 1772539200679, 4, 1772539200679, 0, 4);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('55f73d39-90a7-85eb-87d6-06ec8f08e712', '8b882467-dcc9-8a18-8f0d-e3b22ef57c46', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3H79Y8GFNBRB1DDCQKV4', 'PAY01KJSS3H790WFSMDDVJV2B9SHF', '', NULL, NULL, 0, NULL, 1772539200722, 1772539200753, 3, 1772539200746, 0, 3);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('136f6eba-732d-84ff-b4b9-10962a8402b7', 'f7c2405d-d865-86f0-a1db-bf9251c1f8e3', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3H7NHKZZ4YR5HCBT26BM', 'PAY01KJSS3H7N2D12TNSRE9M30X3V', '', NULL, NULL, 0, NULL, 1772539200757, 1772539200761, 3, 1772539200758, 0, 3);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('863edd70-97ce-84cd-bbf9-74bb3c47221e', 'f7c2405d-d865-86f0-a1db-bf9251c1f8e3', 2, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3H7Z0DJM8PGTG9VQRCA9', 'PAY01KJSS3H7Z9N0JYBX7S5S22AA3', '', NULL, NULL, 0, NULL, 1772539200766, 1772539200772, 3, 1772539200767, 0, 3);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('62466b21-dea8-893e-8264-dfb7775da57d', 'f7c2405d-d865-86f0-a1db-bf9251c1f8e3', 3, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3H8C4Y8AJ9D8Y9CC3FDF', 'PAY01KJSS3H8CCYSBT6VWT9ABZMGW', '', NULL, NULL, 0, NULL, 1772539200779, 1772539200789, 3, 1772539200780, 0, 3);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('80377fab-989c-8992-a221-ec1600235752', '3a46eeeb-1ace-83f8-b372-c4494e0a39b5', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3H95YCYA52QY9CCPZYP6', 'PAY01KJSS3H959ZFYMW3N5P7NFVPS', '', NULL, NULL, 0, NULL, 1772539200801, 1772539200837, 6, 1772539200837, 0, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('e9cefa25-0aa6-8e60-acd6-28f800923c63', '515617f3-f1e2-8a0d-bcfb-e4678329d0ba', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'efectivo', '', 1, 'mercadopago', 490000, 0, 0, 'pendiente', 'en_espera', '', 0, '', 'Pagar en: rapipago; código: 7625118618697679269; código de barras: 76251186186976792698700737668274660668', '', 'ORDTST01KJSS3HAANXAYWB2X69AR08C6', 'PAY01KJSS3HAAF5PF6PC3B2G9EC28', '', NULL, 1772539201278, 2, 1772798400835, 1772539200842, 1772539201078, 4, 1772539201078, 0, 4);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('831fddbf-547a-8e72-a0b4-dc13fe677113', '6876f91f-e1ab-8a65-8dbd-3fce51451d12', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 1000, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3HAWS9VPTX2EMK9KDMXC', 'PAY01KJSS3HAW9GV5CXP5RVB7MZEG', '', NULL, 1772542800891, 0, NULL, 1772539200860, 1772539200891, 6, 1772539200891, 0, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('36ad5984-03eb-8c25-afaf-f40a1edbdff3', 'b2b7fca1-5667-8f0f-9b5f-694a7ddaa987', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3HCR37HSWZY4NNYPY7VC', 'PAY01KJSS3HCRN7J0EW4Q5X69PXKQ', '', NULL, NULL, 0, NULL, 1772539200918, 1772539201045, 6, 1772539201045, 0, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('5675b446-ddc9-8d80-8fed-dee1495c4947', '1bc03a95-018a-87ec-9556-f093951e860f', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3HGAD5GVJ7WFD8N84822', 'PAY01KJSS3HGACFC8NVPGDB6S4DB6', 'reembolsar', 1772539216058, 1772539217058, 0, NULL, 1772539201033, 1772539201058, 5, 1772539201042, 0, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('5763fceb-3d52-8a97-b07a-872405dafe2a', '2992ee7c-339f-828e-9ecb-3be225bbe667', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3HHATPVVX70QZF10980V', 'PAY01KJSS3HHA31J9PW6GC4X79ZX3', '', NULL, 1772542801068, 0, NULL, 1772539201065, 1772539201068, 4, 1772539201068, 0, 4);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('bbf28e1c-20a7-8fbe-a33d-18cd47188a41', 'a9a83054-a86e-8c6a-881b-59cd5d81203b', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3HJ0TC6HEJMXBMP7AKY3', 'PAY01KJSS3HJ0GV473ZK6DMS1KSTS', 'capturar', 1772539216090, 1772539217090, 0, NULL, 1772539201087, 1772539201090, 3, 1772539201088, 0, 3);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('0094fd9c-340d-8aeb-b103-57dbad92fa7b', '57726d07-2d5c-800f-9c96-448003f80517', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 377000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3HJ8NMQKDX8F31KP1N2C', 'PAY01KJSS3HJ82HTBA2NMWWVQ5GAC', 'capturar', 1772539216098, 1772539217098, 0, NULL, 1772539201096, 1772539201098, 3, 1772539201096, 0, 3);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('98159f3a-9a75-889d-aba9-7adfc5d53748', '3149bedf-ff35-8c2f-af9b-114cf888ada6', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 363000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3HJG8HG487PQXSRMGA40', 'PAY01KJSS3HJG4JP94CRK1E6P8J2P', '', NULL, 1772542801105, 0, NULL, 1772539201104, 1772539201105, 2, 1772539201105, 0, 2);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('90d7a091-2548-80e3-9e08-0f8fd16e816a', '8265652a-8394-8d9c-8884-31988feed528', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 449000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS3HJRTZM2YD5TX33HK8EN', 'PAY01KJSS3HJRGFHAM79D5EYRT0J7', '', NULL, 1772542801112, 0, NULL, 1772539201111, 1772539201112, 2, 1772539201112, 0, 2);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('dd17166a-33f0-8a48-9405-a9beabff73a4', 'b9627b78-239a-8881-8437-2aed563c9c4f', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 408000, 0, 0, 'pendiente', '', '', 0, '', '', '', '', '', 'crear', 1772539216117, 1772539217117, 0, NULL, 1772539201117, 1772539201117, 1, NULL, 0, 1);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo", "sin_reembolsos") values ('116013df-9298-81a3-89d3-faf6872f1188', '25e516c7-39c5-8853-b263-289321f4f486', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 384000, 0, 0, 'pendiente', '', '', 0, '', '', '', '', '', 'crear', 1772539216123, 1772539217123, 0, NULL, 1772539201123, 1772539201123, 1, NULL, 0, 1);
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('1e98f139-baa9-8302-b243-4fbdf0807aef', 'anulacion-1464000', 1, 1464000, 'hecho', 'REF01KJSS3H37CM3C3TZ79B5HFC22', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('80377fab-989c-8992-a221-ec1600235752', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3HA4D1M4BXHW5FZTT0J6', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('831fddbf-547a-8e72-a0b4-dc13fe677113', '90ccc31c-14d7-894f-9fe3-cbcb0357be1c', 1, 1000, 'hecho', 'REF01KJSS3HBVSXH9J27YBXQEQ3SG', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('36ad5984-03eb-8c25-afaf-f40a1edbdff3', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3HFYJKGPWWVZZK40YWS7', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('5675b446-ddc9-8d80-8fed-dee1495c4947', 'e2449563-f799-8408-92fc-3e47e0656035', 1, 1000, 'pedido', '', '');
insert into "lapidas" ("pedido", "intento", "creado") values ('88e53d9b-5a71-869d-93eb-1014833c217f', 1, 1772539200614);
insert into "lapidas" ("pedido", "intento", "creado") values ('8b882467-dcc9-8a18-8f0d-e3b22ef57c46', 1, 1772539200753);
insert into "lapidas" ("pedido", "intento", "creado") values ('f7c2405d-d865-86f0-a1db-bf9251c1f8e3', 1, 1772539200761);
insert into "lapidas" ("pedido", "intento", "creado") values ('f7c2405d-d865-86f0-a1db-bf9251c1f8e3', 2, 1772539200772);
insert into "lapidas" ("pedido", "intento", "creado") values ('f7c2405d-d865-86f0-a1db-bf9251c1f8e3', 3, 1772539200789);
insert into "lapidas" ("pedido", "intento", "creado") values ('3a46eeeb-1ace-83f8-b372-c4494e0a39b5', 1, 1772539200833);
insert into "lapidas" ("pedido", "intento", "creado") values ('b2b7fca1-5667-8f0f-9b5f-694a7ddaa987', 1, 1772539201017);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GZ2470Y4XJBNJD8W526', 'NOT01KJSS3GZBVGAJC90F5J5B845E', 1772539200597, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3GZ2470Y4XJBNJD8W526', 'NOT01KJSS3GZ2TK9AZGNCSG93W1Q7', 1772539200599, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H194X0DAK9T2C09ZDPS', 'NOT01KJSS3H1905MYZ9FH1Z97PW27', 1772539200656, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H194X0DAK9T2C09ZDPS', 'NOT01KJSS3H1DQS7XNNW8X56JTDHA', 1772539200678, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H194X0DAK9T2C09ZDPS', 'NOT01KJSS3H3760RK5EYEEMDQF8AM', 1772539200721, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H4Y4M7TDP4206J0437Q', 'NOT01KJSS3H57QZ48DHZZVWVN6KEM', 1772539200784, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H4Y4M7TDP4206J0437Q', 'NOT01KJSS3H4YJQEF3P7D8H856NMF', 1772539200788, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H79Y8GFNBRB1DDCQKV4', 'NOT01KJSS3H7996YGQFN7D86FWHQC', 1772539200854, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H7Z0DJM8PGTG9VQRCA9', 'NOT01KJSS3H7Z36PMTA9NYMCFA4J0', 1772539200878, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H7NHKZZ4YR5HCBT26BM', 'NOT01KJSS3H7NSKPYDB2A7JAFD5D5', 1772539200878, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H8C4Y8AJ9D8Y9CC3FDF', 'NOT01KJSS3H8CA48HJQAZN4CB1DB1', 1772539200900, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H95YCYA52QY9CCPZYP6', 'NOT01KJSS3H9C8VZXS3CBEGAY3C1D', 1772539200921, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H95YCYA52QY9CCPZYP6', 'NOT01KJSS3H95CAPW17W1VBEX0V6X', 1772539200921, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HAANXAYWB2X69AR08C6', 'NOT01KJSS3HAAT9PRWPYZZZTZYJWV', 1772539200945, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3H95YCYA52QY9CCPZYP6', 'NOT01KJSS3HA4TVX91E6EMNX5AM32', 1772539200945, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HAWS9VPTX2EMK9KDMXC', 'NOT01KJSS3HAWR0F994VEABW7G41Y', 1772539200970, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HCR37HSWZY4NNYPY7VC', 'NOT01KJSS3HD1JGB3YWJGG2RXPGNP', 1772539201042, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HAWS9VPTX2EMK9KDMXC', 'NOT01KJSS3HB6WCJX9T1WF3SZQHR3', 1772539201042, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HCR37HSWZY4NNYPY7VC', 'NOT01KJSS3HCR9QEF71NAK2H4MVGN', 1772539201042, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HAWS9VPTX2EMK9KDMXC', 'NOT01KJSS3HBV681PMMPVDP7NFBJM', 1772539201042, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3HCR37HSWZY4NNYPY7VC', 'NOT01KJSS3HFY1ETJYFJNM6378HF3', 1772539201127, 1772539201147, 0);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a231e5-8246-7508-b0a0-55217487ebe5', 'b2b7fca1-5667-8f0f-9b5f-694a7ddaa987', 1, 1, 1796133454660, 1796133454406);
delete from sqlite_sequence;
insert into "sqlite_sequence" ("name", "seq") values ('migraciones_pagos', 7);
CREATE INDEX cobros_lista on cobros (creado, id);
CREATE INDEX cobros_cliente on cobros (cliente, creado, id);
CREATE INDEX cobros_estado on cobros (estado, creado, id);
CREATE INDEX cobros_orden on cobros (orden) where orden <> '';
CREATE INDEX cobros_debe on cobros (debe) where debe is not null;
CREATE INDEX inbox_debe on inbox (debe) where debe is not null;
CREATE INDEX inbox_recibido on inbox (recibido);
CREATE INDEX avisos_proximo on avisos (proximo);
CREATE INDEX cobros_por_deshacer on cobros (debe, cierre) where debe is not null and cierre <> '';
commit;
