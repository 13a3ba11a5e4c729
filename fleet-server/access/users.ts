/** People who may sign in, and their sessions. Passwords by argon2id, session tokens only as hashes. */
import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { hash, verify } from '@node-rs/argon2';
import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import { role, type Role, type Session } from '@junkai/contracts';

/** A shift and the way home. */
const SESSION_MS = 14 * 60 * 60 * 1000;
/** OWASP's second recommended setting for argon2id, the library's default algorithm. */
const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export interface SignedIn extends Session {
	/** Names the session; the token itself is known to the browser only. */
	key: string;
}

const keyOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** `ended` tells the keys of sessions that were signed out or have expired. */
export class Access extends EventEmitter<{ ended: [string] }> {
	readonly #selectUser;
	readonly #upsertUser;
	readonly #selectSession;
	readonly #insertSession;
	readonly #deleteSession;
	readonly #deleteOfUser;
	readonly #expired;
	readonly #timer: NodeJS.Timeout;
	/** Compared with when the user is unknown, so that the answer takes as long. */
	#decoy: Promise<string> | null = null;

	constructor(database: DatabaseSync, log: Logger) {
		super();
		this.#selectUser = database.prepare('SELECT username, password_hash, role FROM users WHERE username = ?');
		this.#upsertUser = database.prepare(
			`INSERT INTO users (username, password_hash, role, created) VALUES (?, ?, ?, ?)
			ON CONFLICT (username) DO UPDATE SET password_hash = excluded.password_hash, role = excluded.role`,
		);
		this.#selectSession = database.prepare(
			`SELECT s.username AS username, s.expires AS expires, u.role AS role
			FROM sessions s JOIN users u ON u.username = s.username WHERE s.token_hash = ? AND s.expires > ?`,
		);
		this.#insertSession = database.prepare('INSERT INTO sessions (token_hash, username, created, expires) VALUES (?, ?, ?, ?)');
		this.#deleteSession = database.prepare('DELETE FROM sessions WHERE token_hash = ?');
		this.#deleteOfUser = database.prepare('DELETE FROM sessions WHERE username = ? RETURNING token_hash');
		this.#expired = database.prepare('DELETE FROM sessions WHERE expires <= ? RETURNING token_hash');
		this.#timer = setInterval(() => {
			try {
				this.expire(Date.now());
			} catch (error) {
				log.error({ reason: messageOf(error) }, 'expired sessions could not be removed');
			}
		}, 30_000);
		this.#timer.unref();
	}

	hasUser(username: string): boolean {
		return this.#selectUser.get(username) !== undefined;
	}

	/** Adds a user, or gives one a new password and role and ends the sessions under the old ones. */
	async putUser(username: string, password: string, userRole: Role): Promise<void> {
		this.#upsertUser.run(username, await hash(password, ARGON), userRole, Date.now());
		for (const row of this.#deleteOfUser.all(username)) this.emit('ended', String(row['token_hash']));
	}

	/** Token and session, or null when name and password do not go together. */
	async signIn(username: string, password: string): Promise<{ token: string; session: Session } | null> {
		const user = this.#selectUser.get(username);
		this.#decoy ??= hash(randomBytes(16).toString('hex'), ARGON);
		const stored = user ? String(user['password_hash']) : await this.#decoy;
		if (!(await verify(stored, password)) || !user) return null;
		const token = randomBytes(32).toString('base64url');
		const now = Date.now();
		const session: Session = { username, role: role.parse(user['role']), expires: now + SESSION_MS };
		this.#insertSession.run(keyOf(token), username, now, session.expires);
		return { token, session };
	}

	find(token: string): SignedIn | null {
		const key = keyOf(token);
		const row = this.#selectSession.get(key, Date.now());
		if (!row) return null;
		return { key, username: String(row['username']), role: role.parse(row['role']), expires: Number(row['expires']) };
	}

	signOut(key: string): void {
		this.#deleteSession.run(key);
		this.emit('ended', key);
	}

	/** Ends what expires before `now`, ms. */
	expire(now: number): void {
		for (const row of this.#expired.all(now)) this.emit('ended', String(row['token_hash']));
	}

	stop(): void {
		clearInterval(this.#timer);
	}
}
