import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startRadio, type Radio } from './radio.ts';

let echo: Server;
let radio: Radio;
const sockets: Socket[] = [];

beforeEach(async () => {
	echo = createServer((socket) => {
		sockets.push(socket);
		socket.on('error', () => {}).pipe(socket);
	});
	echo.listen(0, '127.0.0.1');
	await once(echo, 'listening');
	radio = await startRadio({ target: { host: '127.0.0.1', port: (echo.address() as AddressInfo).port }, seed: 3 });
});
afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.destroy();
	await radio.close();
	await new Promise((resolve) => echo.close(resolve));
});

async function van(): Promise<{ socket: Socket; text: () => string; ended: () => boolean; error: () => string }> {
	const socket = connect(radio.port, '127.0.0.1');
	sockets.push(socket);
	let [text, ended, error] = ['', false, ''];
	socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
	socket.on('close', () => (ended = true));
	socket.on('error', (e: NodeJS.ErrnoException) => (error = e.code ?? e.message));
	await new Promise<void>((resolve) => socket.once('connect', () => resolve()).once('close', () => resolve()));
	return { socket, text: () => text, ended: () => ended, error: () => error };
}

test('carries a large stream unchanged, both ways', async () => {
	const { socket, text } = await van();
	const data = Buffer.alloc(3_000_000, 'abcdefghijklmnopqrstuvwxyz0123456789');
	socket.write(data);
	await vi.waitFor(() => expect(text().length).toBe(data.length), 10_000);
	expect(text() === data.toString('latin1')).toBe(true);
	expect(radio.stats).toMatchObject({ accepted: 1, bytesUp: data.length, bytesDown: data.length, cuts: 0 });
});

test('a cut destroys what is connected and refuses the next, until restored', async () => {
	const first = await van();
	first.socket.write('hello');
	await vi.waitFor(() => expect(first.text()).toBe('hello'), 5000);
	radio.cut();
	await vi.waitFor(() => expect(first.ended()).toBe(true), 5000);
	const refused = await van();
	await vi.waitFor(() => expect(refused.ended()).toBe(true), 5000);
	expect(refused.text()).toBe('');
	expect(radio.stats).toMatchObject({ cuts: 1, refused: 1 });
	radio.restore();
	const again = await van();
	again.socket.write('back');
	await vi.waitFor(() => expect(again.text()).toBe('back'), 5000);
});

test('a black hole swallows without a word, and the connection is dead afterwards', async () => {
	const { socket, text, ended } = await van();
	socket.write('before');
	await vi.waitFor(() => expect(text()).toBe('before'), 5000);
	radio.swallow();
	socket.write('lost');
	await vi.waitFor(() => expect(radio.stats.swallowed).toBe(4), 5000);
	expect(ended()).toBe(false);
	radio.restore();
	await vi.waitFor(() => expect(ended()).toBe(true), 5000);
	expect(text()).toBe('before');
});

test('a weak link is slow, keeps the order, and breaks in the end', async () => {
	radio.set('weak');
	const { socket, text, ended } = await van();
	const began = performance.now();
	for (let i = 0; i < 10; i++) socket.write(`${i}`);
	await vi.waitFor(() => expect(text()).toBe('0123456789'), 8000);
	expect(performance.now() - began).toBeGreaterThan(250);
	expect(ended()).toBe(false);
	radio.drop();
	await vi.waitFor(() => expect(ended()).toBe(true), 5000);
});

test('a broker that is away ends the van’s connection, and nothing breaks', async () => {
	const lost = await startRadio({ target: { host: '127.0.0.1', port: 1 } });
	const socket = connect(lost.port, '127.0.0.1');
	socket.on('error', () => {});
	await new Promise((resolve) => socket.once('close', resolve));
	lost.cut();
	lost.restore();
	await lost.close();
	await expect(startRadio({ target: { host: '127.0.0.1', port: 1 }, port: radio.port })).rejects.toThrow(/no radio on/);
});

test('a delay is added to each piece', async () => {
	radio.delay = 100;
	const { socket, text } = await van();
	const began = performance.now();
	socket.write('x');
	await vi.waitFor(() => expect(text()).toBe('x'), 5000);
	expect(performance.now() - began).toBeGreaterThan(190);
});
