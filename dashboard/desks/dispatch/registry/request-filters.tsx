/** What narrows the table of requests. */
import type { RefObject } from 'react';
import { careNeeds, urgencies } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { RegionFacts } from './region-facts.ts';
import { noFilters, rowStates, type Filters } from './request-rows.ts';

interface Props {
	filters: Filters;
	onChange: (filters: Filters) => void;
	facts: RegionFacts;
	shown: number;
	all: number;
	find: RefObject<HTMLInputElement | null>;
}

export function RequestFilters({ filters, onChange, facts, shown, all, find }: Props) {
	const { t } = useTexts();
	const set = (patch: Partial<Filters>) => onChange({ ...filters, ...patch });
	const narrowed = JSON.stringify({ ...filters, patient: null }) !== JSON.stringify(noFilters) || filters.patient !== null;
	return (
		<div className="request-filters" role="search">
			<input
				ref={find}
				type="search"
				className="request-find"
				aria-label={t('registry.requests.find')}
				placeholder={t('registry.requests.find')}
				value={filters.text}
				onChange={(event) => set({ text: event.target.value })}
				onKeyDown={(event) => {
					if (event.key === 'ArrowDown') {
						event.preventDefault();
						document.querySelector<HTMLElement>('.request-scroll [role=row]')?.focus();
					}
				}}
			/>
			<Pick
				label={t('registry.requests.state')}
				value={filters.state}
				options={rowStates.map((value) => ({ value, text: t(`registry.visitState.${value}`) }))}
				onChange={(state) => set({ state })}
			/>
			<Pick
				label={t('registry.requests.municipality')}
				value={filters.municipality}
				options={[...facts.municipalities.values()].map(({ id, text }) => ({ value: id, text }))}
				onChange={(municipality) => set({ municipality })}
			/>
			<Pick
				label={t('registry.requests.need')}
				value={filters.need}
				options={careNeeds.map((value) => ({ value, text: t(`plan.need.${value}`) }))}
				onChange={(need) => set({ need })}
			/>
			<Pick
				label={t('registry.requests.urgency')}
				value={filters.urgency}
				options={urgencies.map((value) => ({ value, text: t(`registry.urgency.${value}`) }))}
				onChange={(urgency) => set({ urgency })}
			/>
			<p className="request-count" role="status">
				{t('registry.list.count', { shown: shown.toLocaleString('en-US'), all: all.toLocaleString('en-US') })}
			</p>
			{narrowed && (
				<button type="button" className="quiet-button" onClick={() => onChange(noFilters)}>
					{t('registry.list.reset')}
				</button>
			)}
		</div>
	);
}

interface PickProps<V extends string> {
	label: string;
	value: V | null;
	options: readonly { value: V; text: string }[];
	onChange: (value: V | null) => void;
}

/** Says its name while nothing is chosen. */
function Pick<V extends string>({ label, value, options, onChange }: PickProps<V>) {
	const { t } = useTexts();
	return (
		<select
			aria-label={label}
			value={value ?? ''}
			data-on={value !== null || undefined}
			onChange={(event) => onChange(options.find((option) => option.value === event.target.value)?.value ?? null)}
		>
			<option value="">{`${label}: ${t('registry.requests.all')}`}</option>
			{options.map((option) => (
				<option key={option.value} value={option.value}>
					{option.text}
				</option>
			))}
		</select>
	);
}
