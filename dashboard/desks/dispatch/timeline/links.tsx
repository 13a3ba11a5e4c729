/** Hairlines from a visit to its doctor: a consult is at the same time in both lanes, so they stand upright. */
import { xOf, type Axis, type View } from './axis.ts';
import type { TimelineData } from './model.ts';

/** A pane of lanes as it is scrolled now, pixels from the top of both. */
export interface PaneLook {
	top: number;
	height: number;
	scroll: number;
	row: number;
}

interface Props {
	data: TimelineData;
	axis: Axis;
	view: View;
	vans: PaneLook;
	doctors: PaneLook;
	lit: ReadonlySet<number>;
	/** Doctor or van whose consults are lit. */
	whole: { vehicle?: string; doctor?: number } | null;
}

/** With more consults than this the quiet ones are left out: they would be a veil over the lanes. */
const mostQuiet = 60;

export function Links({ data, axis, view, vans, doctors, lit, whole }: Props) {
	const vanRow = new Map(data.vehicles.map(({ vehicle }, index) => [vehicle, index]));
	const all = data.doctors.flatMap(({ doctor, consults }, index) => consults.map((consult) => ({ ...consult, doctor, index })));
	const quiet = all.length <= mostQuiet;
	const ends = ({ top, height, scroll, row }: PaneLook, index: number, at: number) =>
		Math.min(top + height, Math.max(top, top + (index + at) * row - scroll));
	return (
		<svg className="tl-links" aria-hidden="true">
			{all.flatMap(({ visit, vehicle, doctor, index, from, to }) => {
				const bright = lit.has(visit) || whole?.vehicle === vehicle || whole?.doctor === doctor;
				const x = xOf((from + to) / 2, axis, view);
				const row = vanRow.get(vehicle);
				if ((!quiet && !bright) || row === undefined || x < 0 || x > view.width) return [];
				return [
					<line
						key={visit}
						className={bright ? 'tl-link tl-link-lit' : 'tl-link'}
						x1={x}
						x2={x}
						y1={ends(vans, row, 0.86)}
						y2={ends(doctors, index, 0.16)}
					/>,
				];
			})}
		</svg>
	);
}
