/** Figures of two plans beside each other. */
import type { PlanMeasures } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { figureNames, figureOf, figureWords, lessIsBetter, type FigureName } from './measures.tsx';

export function MeasuresDifference({
	before,
	after,
	names,
}: {
	before: PlanMeasures | null;
	after: PlanMeasures | null;
	/** What the two plans are called. */
	names: readonly [string, string];
}) {
	const { t, language } = useTexts();
	return (
		<table className="plan-table difference-table">
			<thead>
				<tr>
					<th scope="col">{t('planning.compare.measure')}</th>
					<th scope="col" className="number">
						{names[0]}
					</th>
					<th scope="col" className="number">
						{names[1]}
					</th>
					<th scope="col" className="number">
						{t('planning.compare.difference')}
					</th>
				</tr>
			</thead>
			<tbody>
				{figureNames.map((name) => {
					const [from, to] = [before && figureOf(before, name), after && figureOf(after, name)];
					return (
						<tr key={name} data-figure={name}>
							<th scope="row">{t(`planning.measures.${name}`)}</th>
							<td className="number">{figureWords(name, from, language)}</td>
							<td className="number">{figureWords(name, to, language)}</td>
							<Difference name={name} from={from} to={to} />
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}

function Difference({ name, from, to }: { name: FigureName; from: number | null; to: number | null }) {
	const { language } = useTexts();
	if (from === null || to === null) return <td className="number quiet">–</td>;
	const words = figureWords(name, Math.abs(to - from), language);
	const same = words === figureWords(name, 0, language);
	if (same) return <td className="number quiet">±0</td>;
	const better = lessIsBetter.has(name) ? to < from : to > from;
	return (
		<td className={`number ${better ? 'better' : 'worse'}`}>
			{to > from ? '+' : '−'}
			{words}
		</td>
	);
}
