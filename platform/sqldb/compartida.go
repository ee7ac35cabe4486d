package sqldb

// Compartida reports whether other processes may use the schema at the same time: a
// server's may be, a file's folder is locked.
func (d *DB) Compartida() bool {
	_, servidor := d.motor.(*postgresDB)
	return servidor
}
