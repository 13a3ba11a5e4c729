/**
 * Makes what the pages need from npm packages, into `.generated/`: the coast around Japan cut from Natural Earth, and a small
 * Noto Sans JP with just the characters of the two catalogues, so that the first page does not wait for a megabyte of font.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import { feature } from 'topojson-client';
import { clipPolygon, type Box, type Ring } from './clip.ts';

const require = createRequire(import.meta.url);
/** West, south, east, north: Japan with room to look round. */
const box: Box = [122, 22, 152, 47];

interface Land {
	objects: { land: unknown };
}

function coast(): unknown {
	const land = JSON.parse(readFileSync(require.resolve('world-atlas/land-10m.json'), 'utf8')) as Land;
	const found = feature(land as never, land.objects.land as never) as unknown as
		GeoJSON.FeatureCollection<GeoJSON.MultiPolygon> | GeoJSON.Feature<GeoJSON.MultiPolygon>;
	const shapes = found.type === 'Feature' ? [found] : found.features;
	const round = (v: number) => Math.round(v * 10_000) / 10_000;
	const coordinates = shapes
		.flatMap((shape) => shape.geometry.coordinates)
		.map((polygon) => clipPolygon(polygon as Ring[], box))
		.filter((polygon) => polygon.length > 0)
		.map((polygon) => polygon.map((ring) => ring.map(([x, y]) => [round(x), round(y)])));
	return { type: 'Feature', properties: {}, geometry: { type: 'MultiPolygon', coordinates } };
}

const kana = Array.from({ length: 0x3100 - 0x3040 }, (_, i) => String.fromCodePoint(0x3040 + i)).join('');
const ascii = Array.from({ length: 95 }, (_, i) => String.fromCodePoint(32 + i)).join('');
/** Signs used in code rather than in the catalogues, and the days of the week. */
const signs = '…–—·×°±µ₂←→↑↓▲▼●○◆■□✕✓、。「」『』（）・ー〜～：？！％＋−号車月日火水木金土年時分秒病院診療所市町村日本語';

const unique = (text: string) => [...new Set(text)].join('');

/**
 * Writes everything that is missing or stale into `folder`.
 * @param texts All that the pages say.
 * @param strong What they say in bold; other bold text is thickened by the browser.
 */
export async function prepare(folder: string, texts: string, strong: string): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const coastFile = join(folder, 'coast.json');
	if (!existsSync(coastFile)) writeFileSync(coastFile, JSON.stringify(coast()));
	const characters = { 400: unique(ascii + kana + signs + texts), 700: unique('号車' + strong) };
	const stamp = createHash('sha256').update(JSON.stringify(characters)).digest('hex');
	const stampFile = join(folder, 'fonts.stamp');
	if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
	for (const weight of [400, 700] as const) {
		const whole = readFileSync(require.resolve(`@fontsource/noto-sans-jp/files/noto-sans-jp-japanese-${weight}-normal.woff2`));
		const latin = readFileSync(require.resolve(`@fontsource/noto-sans-jp/files/noto-sans-jp-latin-${weight}-normal.woff2`));
		writeFileSync(
			join(folder, `ui-japanese-${weight}.woff2`),
			await subsetFont(whole, characters[weight], { targetFormat: 'woff2' }),
		);
		writeFileSync(join(folder, `ui-latin-${weight}.woff2`), latin);
	}
	writeFileSync(stampFile, stamp);
}
