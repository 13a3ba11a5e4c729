import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRecords } from '../store/database.ts';
import { vanStore } from '../store/vans.ts';
import { quiet, temporaryFolder } from '../test-support.ts';
import { provision, provisionDemo, RECORDS_FILE } from './provision.ts';
import { Access } from './users.ts';

test('a demo has one user for each role and as many vans as asked for, and keeps them', async () => {
	const folder = temporaryFolder();
	const first = await provisionDemo(folder.path, { vans: 2, names: ['一号'] });
	expect(first.users.map(({ role }) => role)).toEqual(['dispatcher', 'crew', 'doctor', 'admin']);
	expect(first.vans.map(({ vehicle, name }) => [vehicle, name])).toEqual([
		['van-1', '一号'],
		['van-2', '2号車'],
	]);
	for (const file of ['demo-users.json', 'demo-vans.json', RECORDS_FILE]) {
		expect(statSync(join(folder.path, file)).mode & 0o777).toBe(0o600);
	}
	const second = await provisionDemo(folder.path, { vans: 3 });
	expect(second.users).toEqual(first.users);
	expect(second.vans.slice(0, 2)).toEqual(first.vans);
	expect(JSON.parse(readFileSync(join(folder.path, 'demo-vans.json'), 'utf8'))).toEqual(second.vans);

	const database = openRecords(join(folder.path, RECORDS_FILE));
	const access = new Access(database, quiet);
	const [user] = first.users;
	expect(await access.signIn(user!.username, user!.password)).toMatchObject({ session: { role: user!.role } });
	expect(await access.signIn(user!.username, 'another')).toBeNull();
	expect(await access.signIn('nobody', user!.password)).toBeNull();
	expect(vanStore(database).verify('van-3', Buffer.from(second.vans[2]!.password))).toBe(true);
	expect(JSON.stringify(database.prepare('SELECT * FROM users').all())).not.toContain(user!.password);
	access.stop();
	database.close();
	folder.remove();
});

test('sessions end at their time and with a new password', async () => {
	const folder = temporaryFolder();
	const database = openRecords(join(folder.path, RECORDS_FILE));
	const access = new Access(database, quiet);
	const ended: string[] = [];
	access.on('ended', (key) => ended.push(key));
	await access.putUser('aki', 'first-password', 'crew');
	const one = (await access.signIn('aki', 'first-password'))!;
	const session = access.find(one.token)!;
	access.expire(Date.now());
	expect(ended).toEqual([]);
	access.expire(session.expires + 1);
	expect(ended).toEqual([session.key]);
	expect(access.find(one.token)).toBeNull();
	const two = (await access.signIn('aki', 'first-password'))!;
	await access.putUser('aki', 'second-password', 'doctor');
	expect(access.find(two.token)).toBeNull();
	expect(ended).toHaveLength(2);
	access.stop();
	database.close();
	folder.remove();
});

test('what is wrong is named before anything is made', async () => {
	const folder = temporaryFolder();
	await expect(provision(folder.path, { vans: [{ vehicle: 'van-1', name: 'x', password: 'short' }] })).rejects.toMatchObject({
		code: 'config',
		message: expect.stringContaining('0.password'),
	});
	writeFileSync(join(folder.path, 'demo-users.json'), '{');
	await expect(provisionDemo(folder.path, { vans: 1 })).rejects.toMatchObject({
		code: 'config',
		message: expect.stringContaining('demo-users.json'),
	});
	folder.remove();
});
