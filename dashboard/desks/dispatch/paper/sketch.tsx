/** The way of a van as a sketch: no map for driving, but where the stops lie to each other. */
import type { VehicleSheet } from '@junkai/contracts';
import type { Region } from '../../../shared/api/rest.ts';

type LonLat = readonly [number, number];
/** In the proportions that it has on the sheet. */
const WIDTH = 744;
const HEIGHT = 184;
const MARGIN = 18;

/** Millimetre paper of its own: degrees to points, equal in both directions. */
function projection(points: readonly LonLat[]) {
	const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
	const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
	const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
	const scale = Math.min(
		(WIDTH - 2 * MARGIN) / Math.max((east - west) * squeeze, 0.01),
		(HEIGHT - 2 * MARGIN) / Math.max(north - south, 0.01),
	);
	const [x0, y0] = [(WIDTH - (east - west) * squeeze * scale) / 2, (HEIGHT - (north - south) * scale) / 2];
	return ([lon, lat]: LonLat): [number, number] => [x0 + (lon - west) * squeeze * scale, y0 + (north - lat) * scale];
}

const path = (line: readonly LonLat[], at: (point: LonLat) => [number, number]): string =>
	line
		.map((point, i) => {
			const [x, y] = at(point);
			return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
		})
		.join('');

export function Sketch({ sheet, region }: { sheet: VehicleSheet; region: Region | null }) {
	const stops = sheet.stops.filter(({ kind }) => kind !== 'break');
	const points = [...sheet.way, ...stops.map(({ location }) => location)];
	if (points.length < 2) return null;
	const at = projection(points);
	const inside = ([x, y]: [number, number]) => x > -40 && x < WIDTH + 40 && y > -40 && y < HEIGHT + 40;
	const roads = (region?.roads.features ?? []).flatMap(({ geometry, properties }) => {
		const line = geometry.coordinates as LonLat[];
		return line.some((point) => inside(at(point))) ? [{ line, ref: properties['class'] !== 'access' }] : [];
	});
	const numbered = numbersOf(stops);
	return (
		<svg className="sketch" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="経路の略図">
			{roads.map(({ line, ref }, i) => (
				<path key={i} d={path(line, at)} fill="none" stroke={ref ? '#c9c9c9' : '#e6e6e6'} strokeWidth={ref ? 1 : 0.6} />
			))}
			<path d={path(sheet.way, at)} fill="none" stroke="#000" strokeWidth={2.2} strokeLinejoin="round" />
			{numbered.map(({ label, location, base }) => {
				const [x, y] = at(location);
				return (
					<g key={label}>
						{base ? (
							<rect x={x - 9} y={y - 9} width={18} height={18} fill="#000" />
						) : (
							<circle cx={x} cy={y} r={9.5} fill="#fff" stroke="#000" strokeWidth={1.6} />
						)}
						<text
							x={x}
							y={y + 4}
							textAnchor="middle"
							fontSize={label.length > 2 ? 8 : 11}
							fontWeight={700}
							fill={base ? '#fff' : '#000'}
						>
							{label}
						</text>
					</g>
				);
			})}
		</svg>
	);
}

/** Stops at one place share a sign: `2・5`. */
function numbersOf(stops: readonly VehicleSheet['stops'][number][]) {
	const places = new Map<string, { numbers: number[]; location: LonLat; base: boolean }>();
	let number = 0;
	for (const { kind, location } of stops) {
		const base = kind !== 'visits';
		if (!base) number++;
		const key = location.map((value) => value.toFixed(4)).join();
		const place = places.get(key) ?? { numbers: [], location, base: false };
		if (base) place.base = true;
		else place.numbers.push(number);
		places.set(key, place);
	}
	return [...places.values()].map(({ numbers, location, base }) => ({
		label: base ? '拠' : numbers.join('・'),
		location,
		base,
	}));
}
