/** All of it or nothing. */
import type { DatabaseSync } from 'node:sqlite';

/** Runs work in a transaction; within another one it is part of that one. What it throws undoes what it did. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
	if (database.isTransaction) return work();
	database.exec('BEGIN IMMEDIATE');
	try {
		const result = work();
		database.exec('COMMIT');
		return result;
	} catch (error) {
		// A full disk has ended the transaction by itself.
		if (database.isTransaction) database.exec('ROLLBACK');
		throw error;
	}
}
