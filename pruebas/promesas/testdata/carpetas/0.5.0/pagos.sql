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
	version       bigint not null, mirado bigint, contracargo boolean not null default false,
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
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (1, 0, 1, '2026-11-30 23:31:51');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (2, 1, 1, '2026-11-30 23:31:51');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (3, 2, 1, '2026-11-30 23:31:51');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (4, 3, 1, '2026-11-30 23:31:51');
insert into "migraciones_pagos" ("id", "version_id", "is_applied", "tstamp") values (5, 4, 1, '2026-11-30 23:31:51');
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('f0698813-27a7-8c32-ad8b-8fb1a00347b5', '7e698832-7a7e-848c-974f-4796fc75f393', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3N7S0YGCTNW1XHHXN7FP', 'PAY01KJSS3N7SP232ZZ44PX4665XF', '', NULL, 1772542805285, 0, NULL, 1772539204831, 1772539205285, 4, 1772539205285, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('634c70f0-2665-80fc-8f8a-0aa529049cfd', 'acf3e2be-cd03-8b33-9737-196b957d96ac', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 1464000, 1464000, 1464000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3Q282KME80ER8B6M2119', 'PAY01KJSS3Q28GJBGTR0A9XJEFQJQ', '', NULL, NULL, 0, NULL, 1772539206721, 1772539208428, 6, 1772539208428, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('36aafc27-0fb9-88db-b05b-35f472c47157', '74f9279f-46f4-8eed-b438-f2cb1cb06b51', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3S1GANHXFEAJ5DSEFH13', 'PAY01KJSS3S1GF3DP5944TA5TDGK2', '', NULL, 1772542809274, 0, NULL, 1772539208725, 1772539209274, 4, 1772539209274, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('cce88744-655c-8647-995b-dedcbdafac52', '92d26561-f283-815c-828a-f6b1396f5d1b', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3TSSWWNG1Q5B0BVBD0MC', 'PAY01KJSS3TSSTE08N265E2B78D7C', '', NULL, NULL, 0, NULL, 1772539210538, 1772539210872, 3, 1772539210611, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('cdef0ff9-3394-8c0b-b1c5-b23d25796b1f', 'd2a45c45-d734-8cf8-a776-960870f25b7e', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3V5F4PG88M9GGYMFYFR6', 'PAY01KJSS3V5FGMK8RWRRCFD17ZXA', '', NULL, NULL, 0, NULL, 1772539210911, 1772539210977, 3, 1772539210930, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('7af341e3-9159-8c71-a3cc-8db94172bb80', 'd2a45c45-d734-8cf8-a776-960870f25b7e', 2, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3V7S0Z3HMTE0TRH0488B', 'PAY01KJSS3V7SYK9VST8FQJ1KEZP6', '', NULL, NULL, 0, NULL, 1772539211000, 1772539211025, 3, 1772539211005, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('b753ca18-46b5-8011-9ddb-c6fd0eb8baba', 'd2a45c45-d734-8cf8-a776-960870f25b7e', 3, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 0, 0, 'rechazado', 'rechazada', 'rechazado', 1, 'sin-fondos', '', '', 'ORDTST01KJSS3VEPRZY837A7NBXW83WZ', 'PAY01KJSS3VEPY50471JQ2BYJA8CT', '', NULL, NULL, 0, NULL, 1772539211086, 1772539211337, 3, 1772539211247, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('164d1413-8396-8475-af69-0444f3727d84', 'd6383e39-bd30-89db-876b-817d16ab3487', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3VWP3FWZAWH646CYE48H', 'PAY01KJSS3VWP852NKPCK01SM5N8W', '', NULL, NULL, 0, NULL, 1772539211630, 1772539212548, 6, 1772539212548, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('1f16d926-a63a-829b-b04d-045d449f897c', '310348b3-2c13-859a-9cae-fb67ad60ee1e', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'efectivo', '', 1, 'mercadopago', 490000, 0, 0, 'pendiente', 'en_espera', '', 0, '', 'Pagar en: rapipago; código: 5653278233297343738; código de barras: 56532782332973437383569791195003362992', '', 'ORDTST01KJSS3X1H72P3EW07WHPBMP58', 'PAY01KJSS3X1HMWZBXTCVCEZFHQZQ', '', NULL, 1772539221920, 31, 1772798412429, 1772539212822, 1772539221720, 33, 1772539221720, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('2e539a92-ef3f-80d1-80cd-a44c0bc51dda', '884e9c6a-70ec-8c6f-abf3-b3af49f98c8d', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 1000, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3XSHECTGFVP8T9GJM7WE', 'PAY01KJSS3XSH78M4E0M00QHEV19H', '', NULL, 1772542814046, 0, NULL, 1772539213543, 1772539214046, 7, 1772539214046, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('f7e9175f-0784-8c5d-b98a-f1fc63d277e0', '17817e6a-7acb-8562-b36f-97ea4b8572ff', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 490000, 'reembolsado', 'cobrada', 'anulado', 1, '', '', '', 'ORDTST01KJSS3YB1HJXX02P4MPXMW759', 'PAY01KJSS3YB1MTFGBAGWFZS1FVR0', '', NULL, NULL, 0, NULL, 1772539214170, 1772539215027, 6, 1772539215027, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('d24bebb6-661b-8b44-845e-777b3c3b51ac', 'cdd109d4-bd1e-80df-8533-63a469ed81b2', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS3Z9187G5X1MFE3F138MQ', 'PAY01KJSS3Z91E65Z0FQ9CFV6X46P', 'reembolsar', 1772539231257, 1772539232257, 0, NULL, 1772539215107, 1772539216251, 5, 1772539215914, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('f543d8c4-38d8-884f-9bb7-326dabea1c62', 'c6357466-1579-8b46-b429-baa77e094f4a', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS414JKJHYYZY097NGQ1J3', 'PAY01KJSS414JKWZ28NAKPRC1JBT8', '', NULL, 1772542817361, 0, NULL, 1772539216900, 1772539217361, 4, 1772539217361, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('dee1eb36-0752-8b99-b109-186398751ca3', 'aa11eccf-0634-8e35-a1f3-fbd430eab4f1', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 490000, 490000, 0, 'cobrado', 'cobrada', '', 0, '', '', '', 'ORDTST01KJSS4200AVS9FD965CPX5T07', 'PAY01KJSS4200GA0WZTB5SXYE7J49', '', NULL, 1772542818036, 0, NULL, 1772539217917, 1772539218039, 4, 1772539218036, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('07c35b5f-b6cc-8085-a8d8-2aadade57e50', '8bc43ae6-1ead-8a29-bcf6-3834b0c14c18', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 377000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS4267EVVYN7YHPM4M7956', 'PAY01KJSS4267PVHVWTN35ZDF4ZDG', 'capturar', 1772539233724, 1772539234724, 0, NULL, 1772539218111, 1772539218705, 3, 1772539218141, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('268a4240-32a3-8439-a539-05f80d288e9f', 'a06cad67-60ac-851f-b7ae-547c02e588ab', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 363000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS435S80GGCD15XWS7PGS8', 'PAY01KJSS435S4C0XV73ZX1KPCH3G', '', NULL, 1772542819142, 0, NULL, 1772539219126, 1772539219142, 2, 1772539219142, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('e5a0ad57-2803-8119-bb2b-80690c25f31c', '98e79d2e-ecc8-8964-b654-4b994ad232d1', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 449000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS43SWBKE9QNCHW89XTQG5', 'PAY01KJSS43SWF1T25V4KM1CMSQR5', '', NULL, 1772542819816, 0, NULL, 1772539219706, 1772539219816, 2, 1772539219816, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('8d34f2dc-2c6a-8fe3-b095-74036c8a96de', '3a2a000f-48a5-8ad8-a695-a2615ec9cf8e', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 408000, 0, 0, 'reservado', 'reservada', '', 0, '', '', '', 'ORDTST01KJSS445WNQ8X9PTC9B92S3PQ', 'PAY01KJSS445W9VHDXKBBDSBCRXPN', '', NULL, 1772542820266, 0, NULL, 1772539220108, 1772539220266, 2, 1772539220266, 0);
insert into "cobros" ("id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "motivo", "instrucciones", "desafio", "orden", "transaccion", "accion", "hasta", "debe", "sondeos", "vence", "creado", "cambiado", "version", "mirado", "contracargo") values ('89b49928-c89e-8b74-952a-e6659de8bd7c', '69a13c07-3ba8-87b3-a319-a889226383e7', 1, 'ef5b2030-edea-8db0-b9b7-c8cac09cd8b5', 'tarjeta_credito', 'master', 1, 'mercadopago', 384000, 0, 0, 'pendiente', '', '', 0, '', '', '', '', '', 'crear', 1772539235593, 1772539236593, 0, NULL, 1772539220593, 1772539220593, 1, NULL, 0);
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('634c70f0-2665-80fc-8f8a-0aa529049cfd', 'anulacion-1464000', 1, 1464000, 'hecho', 'REF01KJSS3RNP0YZXBXYACDYZNJ81', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('164d1413-8396-8475-af69-0444f3727d84', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3WNH0RDSB0F8SN1QMPYK', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('2e539a92-ef3f-80d1-80cd-a44c0bc51dda', 'b943cbce-0f27-8721-8295-48d7c849c621', 1, 1000, 'hecho', 'REF01KJSS3Y6BK0FNMYNGNG73H8EZ', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('f7e9175f-0784-8c5d-b98a-f1fc63d277e0', 'anulacion-490000', 1, 490000, 'hecho', 'REF01KJSS3Z1N7RXYDD61Z78MZFMP', '');
insert into "reembolsos" ("cobro", "id", "orden", "monto", "estado", "ajeno", "motivo") values ('d24bebb6-661b-8b44-845e-777b3c3b51ac', '5c7038db-53ce-8bb0-b1ca-3bce4d1fd87d', 1, 1000, 'pedido', '', '');
insert into "lapidas" ("pedido", "intento", "creado") values ('acf3e2be-cd03-8b33-9737-196b957d96ac', 1, 1772539208340);
insert into "lapidas" ("pedido", "intento", "creado") values ('92d26561-f283-815c-828a-f6b1396f5d1b', 1, 1772539210872);
insert into "lapidas" ("pedido", "intento", "creado") values ('d2a45c45-d734-8cf8-a776-960870f25b7e', 1, 1772539210977);
insert into "lapidas" ("pedido", "intento", "creado") values ('d2a45c45-d734-8cf8-a776-960870f25b7e', 2, 1772539211025);
insert into "lapidas" ("pedido", "intento", "creado") values ('d2a45c45-d734-8cf8-a776-960870f25b7e', 3, 1772539211337);
insert into "lapidas" ("pedido", "intento", "creado") values ('d6383e39-bd30-89db-876b-817d16ab3487', 1, 1772539212410);
insert into "lapidas" ("pedido", "intento", "creado") values ('17817e6a-7acb-8562-b36f-97ea4b8572ff', 1, 1772539214829);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3N7S0YGCTNW1XHHXN7FP', 'NOT01KJSS3N7SD2AT7A4RB6WJZ0RQ', 1772539205037, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3N7S0YGCTNW1XHHXN7FP', 'NOT01KJSS3NMBZ64K8VD2ZAAGSB3Z', 1772539205366, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3Q282KME80ER8B6M2119', 'NOT01KJSS3Q28AJ70GHCG8G97DGJ9', 1772539206830, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3Q282KME80ER8B6M2119', 'NOT01KJSS3QSMJY636E84HAJ1FS4H', 1772539207579, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3Q282KME80ER8B6M2119', 'NOT01KJSS3RNP9D28GZ5DMJAYCAEK', 1772539208591, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3S1GANHXFEAJ5DSEFH13', 'NOT01KJSS3S1G4P6YKWE2B03YDNSR', 1772539208927, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3S1GANHXFEAJ5DSEFH13', 'NOT01KJSS3SG4P3924EHKSQ64S5SS', 1772539209407, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3TSSWWNG1Q5B0BVBD0MC', 'NOT01KJSS3TSS0W3HWG24C8K4GZ5C', 1772539210661, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3V5F4PG88M9GGYMFYFR6', 'NOT01KJSS3V5FQTQHZA7NWA889KPJ', 1772539211047, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3V7S0Z3HMTE0TRH0488B', 'NOT01KJSS3V7SGEXMJYPXPPR6S23S', 1772539211230, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3VEPRZY837A7NBXW83WZ', 'NOT01KJSS3VEPX6BP3Y1SVEJ4MBZD', 1772539211376, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3VWP3FWZAWH646CYE48H', 'NOT01KJSS3VWPSVWNCDGJGVS1NY8T', 1772539211813, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3VWP3FWZAWH646CYE48H', 'NOT01KJSS3VYWQDSHWSS3NKDN10E2', 1772539211915, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3VWP3FWZAWH646CYE48H', 'NOT01KJSS3WNHSRFBGG3TB8VWZWV9', 1772539212674, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3X1H72P3EW07WHPBMP58', 'NOT01KJSS3X1H0XHSDZ0TDGF6Q7JF', 1772539212956, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3XSHECTGFVP8T9GJM7WE', 'NOT01KJSS3XSHZ98P9X5K0N5GZ83M', 1772539213783, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3XSHECTGFVP8T9GJM7WE', 'NOT01KJSS3XZMECBEGE3V7NN5V2QS', 1772539213973, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3XSHECTGFVP8T9GJM7WE', 'NOT01KJSS3Y6BM9CAFASH7ZZSHXGJ', 1772539214129, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3YB1HJXX02P4MPXMW759', 'NOT01KJSS3YB1TANHTQSR7ZCJ9JM0', 1772539214387, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3YB1HJXX02P4MPXMW759', 'NOT01KJSS3YER55MYC0GDDPS5TA2Z', 1772539214442, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3YB1HJXX02P4MPXMW759', 'NOT01KJSS3Z1NWPFQE8J7M2Q0PAH7', 1772539215002, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3Z9187G5X1MFE3F138MQ', 'NOT01KJSS3Z912RZ10WDFPNCFFVVA', 1772539215417, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS3Z9187G5X1MFE3F138MQ', 'NOT01KJSS400Y0JZQEGQJER02Z41H', 1772539216096, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS414JKJHYYZY097NGQ1J3', 'NOT01KJSS414JW239D2X6YS0B1K12', 1772539217152, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS414JKJHYYZY097NGQ1J3', 'NOT01KJSS41ECFCWSGQXYXYT38D8E', 1772539217558, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS4200AVS9FD965CPX5T07', 'NOT01KJSS42002RQGR9431SWNVJ26', 1772539218024, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS4200AVS9FD965CPX5T07', 'NOT01KJSS421RH5941G2RD9MJW8W4', 1772539218098, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS4267EVVYN7YHPM4M7956', 'NOT01KJSS4267FDQKRCH468N0EPSM', 1772539218230, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS435S80GGCD15XWS7PGS8', 'NOT01KJSS435S94DVC4ZTDA5YHKT9', 1772539219231, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS43SWBKE9QNCHW89XTQG5', 'NOT01KJSS43SWW9NXNDC60W1BW5DK', 1772539219882, NULL, 1);
insert into "inbox" ("proveedor", "dato", "solicitud", "recibido", "debe", "intentos") values ('mercadopago', 'ORDTST01KJSS445WNQ8X9PTC9B92S3PQ', 'NOT01KJSS445WZVS3SGQA0G6YK591', 1772539220259, NULL, 1);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22ecd-2153-70f1-a919-f4de05058e18', '17817e6a-7acb-8562-b36f-97ea4b8572ff', 1, 5, 1796081534038, 1796081525075);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22ecd-2d08-7947-a9c6-e4546ce76255', 'aa11eccf-0634-8e35-a1f3-fbd430eab4f1', 1, 4, 1796081532939, 1796081528072);
insert into "avisos" ("id", "pedido", "intento", "intentos", "proximo", "creado") values ('01a22ecd-35bc-73a9-9e28-2c9d430e8ac0', '3a2a000f-48a5-8ad8-a695-a2615ec9cf8e', 1, 3, 1796081532698, 1796081530300);
delete from sqlite_sequence;
insert into "sqlite_sequence" ("name", "seq") values ('migraciones_pagos', 5);
CREATE INDEX cobros_lista on cobros (creado, id);
CREATE INDEX cobros_cliente on cobros (cliente, creado, id);
CREATE INDEX cobros_estado on cobros (estado, creado, id);
CREATE INDEX cobros_orden on cobros (orden) where orden <> '';
CREATE INDEX cobros_debe on cobros (debe) where debe is not null;
CREATE INDEX inbox_debe on inbox (debe) where debe is not null;
CREATE INDEX inbox_recibido on inbox (recibido);
CREATE INDEX avisos_proximo on avisos (proximo);
commit;
