/**
 * Where somebody lives, or a van shall come: an address is typed, the region's places that it may mean are offered, and the place
 * that was chosen is shown on a small map, on which a click or the arrow keys put it right. How sure the place is stands beside it.
 *
 * The control only: label, hint and fault are of the form around it. With the forms of `shared/records`:
 *
 *     <Field name="home" label={…} required deep>
 *       {(control) => <PlaceField {...control} value={body.home} onChange={(home) => set({ home })} />}
 *     </Field>
 *
 * Elsewhere give it an `id` that a `<label htmlFor>` names. `value` is null until a place was chosen; an address alone is none.
 */
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { CarePlace, PlaceMatch } from '@junkai/contracts';
import { useCombobox } from 'downshift';
import { placesApi } from '../api/intake.ts';
import { useTexts } from '../i18n/index.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { PlaceCandidate, matchKey } from './place-candidate.tsx';
import './places.css';

const PlaceMap = lazy(() => import('./place-map.tsx'));

interface Props {
	id: string;
	value: CarePlace | null;
	onChange: (place: CarePlace | null) => void;
	disabled?: boolean;
	onBlur?: () => void;
	'aria-describedby'?: string | undefined;
	'aria-invalid'?: boolean | undefined;
	'aria-required'?: boolean | undefined;
	/** The map is left out where there is no room for it. */
	map?: boolean;
}

/** Typing rests so long before it is looked up, ms. */
const REST_MS = 250;

export function PlaceField({ id, value, onChange, disabled = false, onBlur, map = true, ...aria }: Props) {
	const { t } = useTexts();
	const [text, setText] = useState(value?.address ?? '');
	useEffect(() => setText((typed) => value?.address ?? typed), [value?.address]);
	const { matches, state } = useMatches(text);
	const choose = (match: PlaceMatch) => {
		// What was typed stays where it names the place; a reading or a slip gives way to the name, and keeps its number.
		const named = match.how === 'exact' || match.how === 'old-name';
		const lot = /[0-9０-９].*$/.exec(text.trim())?.[0] ?? '';
		const address = named && match.score >= 0.9 && text.trim() !== '' ? text.trim() : match.municipality.ja + nameIn(match) + lot;
		setText(address);
		onChange({ ...match.place, address });
	};
	const { isOpen, getInputProps, getMenuProps, getItemProps, highlightedIndex } = useCombobox<PlaceMatch>({
		items: matches,
		inputId: id,
		itemToString: (item) => item?.place.address ?? '',
		itemToKey: (item) => (item === null ? null : matchKey(item)),
		selectedItem: null,
		inputValue: text,
		onInputValueChange: ({ inputValue, type }) => {
			if (type !== useCombobox.stateChangeTypes.InputChange) return;
			setText(inputValue);
			// The place stays while its address is completed; an empty address has none.
			if (inputValue.trim() === '') onChange(null);
			else if (value !== null) onChange({ ...value, address: inputValue.slice(0, 200) });
		},
		onSelectedItemChange: ({ selectedItem }) => selectedItem && choose(selectedItem),
	});
	const open = isOpen && text.trim() !== '';
	return (
		<div className="place-field">
			<input
				{...getInputProps({
					...aria,
					disabled,
					onBlur,
					autoComplete: 'off',
					maxLength: 200,
					placeholder: t('intake.place.example'),
					'aria-labelledby': `${id}-label`,
				})}
			/>
			<ul {...getMenuProps({ 'aria-label': t('intake.place.candidates') })} className={open ? 'place-list' : 'place-list closed'}>
				{open &&
					matches.map((match, index) => (
						<li
							key={matchKey(match)}
							className={index === highlightedIndex ? 'at' : undefined}
							{...getItemProps({ item: match, index })}
						>
							<PlaceCandidate match={match} />
						</li>
					))}
				{open && matches.length === 0 && (
					<li role="option" aria-disabled="true" aria-selected="false" className="place-none">
						{t(`intake.place.list.${state}`)}
					</li>
				)}
			</ul>
			<PlaceState value={value} matches={matches} onChoose={choose} typed={text.trim() !== ''} />
			{map && value !== null && <SmallMap value={value} onChange={onChange} disabled={disabled} />}
		</div>
	);
}

/** 役場 of a municipality bears no name of its own. */
const nameIn = ({ how, name }: PlaceMatch): string => (how === 'municipality' ? '' : name.ja);

interface Found {
	text: string;
	matches: PlaceMatch[];
	state: 'none' | 'outside' | 'failed';
}

/** What an address may mean, looked up when typing rests. */
function useMatches(text: string): { matches: PlaceMatch[]; state: 'looking' | Found['state'] } {
	const [found, setFound] = useState<Found>({ text: '', matches: [], state: 'none' });
	const wanted = text.trim();
	useEffect(() => {
		if (wanted === '') return setFound({ text: '', matches: [], state: 'none' });
		const abort = new AbortController();
		const timer = setTimeout(() => {
			placesApi.find(wanted, abort.signal).then(
				({ verdict, matches }) => setFound({ text: wanted, matches, state: verdict === 'outside' ? 'outside' : 'none' }),
				() => !abort.signal.aborted && setFound({ text: wanted, matches: [], state: 'failed' }),
			);
		}, REST_MS);
		return () => {
			clearTimeout(timer);
			abort.abort();
		};
	}, [wanted]);
	const fresh = found.text === wanted;
	return { matches: fresh ? found.matches : [], state: fresh ? found.state : 'looking' };
}

/** How sure the place is; and when its address says another place, which. */
function PlaceState({
	value,
	matches,
	typed,
	onChoose,
}: {
	value: CarePlace | null;
	matches: readonly PlaceMatch[];
	typed: boolean;
	onChoose: (match: PlaceMatch) => void;
}) {
	const { t, language } = useTexts();
	if (value === null) return typed ? <p className="place-state place-state-warn">{t('intake.place.choose')}</p> : null;
	const best = matches[0];
	const other =
		best !== undefined && best.score >= 0.9 && best.place.settlement !== null && best.place.settlement !== value.settlement;
	return (
		<div className="place-state" data-precision={value.precision}>
			<StateMark kind={value.precision === 'municipality' ? 'warn' : 'good'} />
			<span>{t(`intake.place.precision.${value.precision}`)}</span>
			{other && (
				<span className="place-state-warn">
					{t('intake.place.differs', { place: best.municipality[language] + (language === 'ja' ? '' : ' ') + best.name[language] })}{' '}
					<button type="button" onClick={() => onChoose(best)}>
						{t('intake.place.takeIt')}
					</button>
				</span>
			)}
		</div>
	);
}

function SmallMap({ value, onChange, disabled }: { value: CarePlace; onChange: (place: CarePlace) => void; disabled: boolean }) {
	const { t, language } = useTexts();
	const [near, setNear] = useState<PlaceMatch | null>(null);
	const [lon, lat] = value.location;
	const isPoint = value.precision === 'point';
	const latest = useRef({ value, onChange, moved: false });
	latest.current.value = value;
	latest.current.onChange = onChange;
	useEffect(() => {
		setNear(null);
		if (!isPoint) return;
		const abort = new AbortController();
		const timer = setTimeout(() => {
			placesApi.near(lon, lat, abort.signal).then(
				({ matches }) => {
					const [first] = matches;
					setNear(first ?? null);
					// A point that was moved away from its settlement takes the one in which it lies now.
					const now = latest.current;
					const stays = matches.some(({ place }) => place.settlement === now.value.settlement);
					if (now.moved && !stays) now.onChange({ ...now.value, settlement: first?.place.settlement ?? null });
					now.moved = false;
				},
				() => undefined,
			);
		}, REST_MS);
		return () => {
			clearTimeout(timer);
			abort.abort();
		};
	}, [lon, lat, isPoint]);
	const set = (east: number, north: number) => {
		latest.current.moved = true;
		onChange({ ...value, location: [round(east), round(north)], precision: 'point' });
	};
	return (
		<>
			<Suspense fallback={<div className="place-map" />}>
				<PlaceMap
					label={t('intake.place.map')}
					places={[{ id: 0, lon, lat, state: value.precision === 'municipality' ? 'unsure' : 'sure' }]}
					selected={0}
					onSet={disabled ? undefined : set}
				/>
			</Suspense>
			<p className="place-hint" aria-live="polite">
				{t('intake.place.mapHint')}
				{near !== null && ` ${t('intake.place.near', { place: `${near.municipality[language]} ${near.name[language]}` })}`}
			</p>
		</>
	);
}

const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
