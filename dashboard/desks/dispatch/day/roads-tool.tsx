/** Closes sections chosen by name: those of the region's rain rules, or edges of its roads. Works by keys alone. */
import { useEffect, useId, useMemo, useState } from 'react';
import type { ClosureShape } from '@junkai/contracts';
import type { Region } from '../../../shared/api/rest.ts';
import { dayApi } from '../../../shared/api/day.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { plain } from '../frame/find.ts';
import { ClosureForm } from './closure-form.tsx';
import { ClosureTabs } from './closure-tabs.tsx';
import { ToolHead } from './tool-head.tsx';
import { useFetched } from './use-fetched.ts';

interface Props {
	region: Region | null | undefined;
	now: number;
	/** Edges that are chosen, for the map. */
	onPreview: (edges: ReadonlySet<string>) => void;
}

interface Choice {
	id: string;
	road: string;
	label: string;
	/** What else is to be known of it. */
	detail: string;
	disabled: boolean;
}

const shownAtOnce = 80;
const none: ReadonlySet<string> = new Set();

export function RoadsTool({ region, now, onPreview }: Props) {
	const { t } = useTexts();
	const [by, setBy] = useState<'rules' | 'edges'>('rules');
	const [chosen, setChosen] = useState(none);
	const rules = useFetched('rules', () => dayApi.rainRules());
	const edges = useMemo(() => (region ? edgesOf(region) : []), [region]);
	useEffect(() => onPreview(by === 'edges' ? chosen : none), [by, chosen, onPreview]);
	useEffect(() => () => onPreview(none), [onPreview]);
	const choices: readonly Choice[] =
		by === 'edges'
			? edges
			: (rules ?? []).map((rule) => ({
					id: rule.id,
					road: rule.road,
					label: rule.section,
					detail: [
						rule.mm === null ? '' : t('day.closure.shape.mm', { mm: rule.mm }),
						rule.hourMm === null ? '' : t('day.closure.shape.hourMm', { mm: rule.hourMm }),
						rule.edges === 0 ? t('day.closure.roadsTool.notOnMap') : '',
					]
						.filter((part) => part !== '')
						.join('・'),
					disabled: rule.edges === 0,
				}));
	const names = [...new Set(choices.filter(({ id }) => chosen.has(id)).map(({ road }) => road))];
	const shape: ClosureShape | null =
		chosen.size === 0 ? null : by === 'edges' ? { kind: 'edges', edges: [...chosen] } : { kind: 'rules', rules: [...chosen] };
	return (
		<section className="inspector tool" aria-label={t('day.closure.roadsTool.title')} data-testid="roads-tool">
			<ToolHead title={t('day.closure.new')} />
			<ClosureTabs tool="roads" />
			<div className="tabs" role="group" aria-label={t('day.closure.roadsTool.by')}>
				{(['rules', 'edges'] as const).map((one) => (
					<button
						key={one}
						type="button"
						aria-pressed={one === by}
						onClick={() => {
							setBy(one);
							setChosen(none);
						}}
					>
						{t(`day.closure.roadsTool.${one}`)}
					</button>
				))}
			</div>
			{by === 'rules' && rules === null && <p className="trouble">{t('day.closure.roadsTool.failed')}</p>}
			<Choices key={by} choices={choices} chosen={chosen} onChoose={setChosen} />
			<ClosureForm
				shape={shape}
				missing={t('day.closure.roadsTool.missing')}
				source="drawn"
				suggested={names.length === 0 ? '' : t('day.closure.roadsTool.name', { roads: names.slice(0, 4).join('・') })}
				now={now}
			/>
		</section>
	);
}

function edgesOf(region: Region): Choice[] {
	return region.roads.features.flatMap(({ properties: p }) => {
		const id = p['id'];
		if (typeof id !== 'string') return [];
		const [ref, name] = [p['ref'], p['name']].map((one) => (typeof one === 'string' ? one : ''));
		return [{ id, road: name || ref || id, label: id, detail: ref ?? '', disabled: false }];
	});
}

interface ChoicesProps {
	choices: readonly Choice[];
	chosen: ReadonlySet<string>;
	onChoose: (chosen: ReadonlySet<string>) => void;
}

function Choices({ choices, chosen, onChoose }: ChoicesProps) {
	const { t } = useTexts();
	const id = useId();
	const [text, setText] = useState('');
	const wanted = plain(text);
	const fitting = choices.filter(
		({ id: key, road, label, detail }) => chosen.has(key) || plain(`${road} ${label} ${detail}`).includes(wanted),
	);
	const toggle = (key: string) => {
		const next = new Set(chosen);
		if (!next.delete(key)) next.add(key);
		onChoose(next);
	};
	return (
		<fieldset className="choices">
			<legend>{t('day.closure.roadsTool.count', { count: chosen.size })}</legend>
			<label htmlFor={id} className="visually-hidden">
				{t('day.closure.roadsTool.find')}
			</label>
			<input
				id={id}
				type="search"
				value={text}
				placeholder={t('day.closure.roadsTool.find')}
				onChange={(event) => setText(event.target.value)}
			/>
			<ul>
				{fitting.slice(0, shownAtOnce).map((choice) => (
					<li key={choice.id}>
						<label>
							<input
								type="checkbox"
								checked={chosen.has(choice.id)}
								disabled={choice.disabled}
								onChange={() => toggle(choice.id)}
							/>
							<span>
								{choice.road} <small>{choice.label}</small>
								<small className="choice-detail">{choice.detail}</small>
							</span>
						</label>
					</li>
				))}
			</ul>
			{fitting.length > shownAtOnce && (
				<p className="quiet">{t('day.closure.roadsTool.more', { count: fitting.length - shownAtOnce })}</p>
			)}
			{fitting.length === 0 && <p className="quiet">{t('shell.find.none', { text })}</p>}
		</fieldset>
	);
}
