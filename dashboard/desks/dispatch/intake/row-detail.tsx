/** The map of all rows, and everything of the one that is chosen. */
import { lazy, Suspense, useMemo } from 'react';
import { intakeFields, type CarePlace, type IntakePreview, type IntakeRow } from '@junkai/contracts';
import { placesApi } from '../../../shared/api/intake.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import type { MapPlace } from '../../../shared/places/place-map.tsx';
import { CellInput } from './cell-input.tsx';
import type { Intake } from './use-intake.ts';

const PlaceMap = lazy(() => import('../../../shared/places/place-map.tsx'));

interface Props {
	preview: IntakePreview;
	corrections: Intake['corrections'];
	selected: number | null;
	edit: Intake['edit'];
	onSelect: (row: number) => void;
}

/** Where a row is by now: as chosen, as taken in, or as the best that its address may mean. */
const placeOf = (row: IntakeRow, corrections: Intake['corrections']): CarePlace | null =>
	corrections.places.get(row.row) ?? row.patient?.home ?? row.places[0]?.place ?? null;

export function RowDetail({ preview, corrections, selected, edit, onSelect }: Props) {
	const { t } = useTexts();
	const row = preview.rows.find((one) => one.row === selected) ?? null;
	const places = useMemo(
		() =>
			preview.rows.flatMap((one): MapPlace[] => {
				const place = placeOf(one, corrections);
				if (one.skipped || place === null) return [];
				const fault = one.faults.find(({ field }) => field === 'address');
				const state = fault === undefined ? 'sure' : fault.severity === 'error' ? 'wrong' : 'unsure';
				return [{ id: one.row, lon: place.location[0], lat: place.location[1], state }];
			}),
		[preview, corrections],
	);
	const set = (lon: number, lat: number) => {
		if (row === null) return;
		const location: [number, number] = [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
		const before = placeOf(row, corrections);
		const address = row.values.address ?? before?.address ?? '';
		const place = (settlement: string | null, name: string): CarePlace => ({
			address: (address === '' ? name : address).slice(0, 200),
			settlement,
			location,
			precision: 'point',
		});
		edit.place(row.row, place(before?.settlement ?? null, address || '–'));
		void placesApi.near(location[0], location[1]).then(
			({ matches }) => {
				const [first] = matches;
				// Near its own settlement a house is of that one, whichever middle is nearest.
				const stays = matches.some((match) => match.place.settlement === before?.settlement);
				if (first !== undefined && !stays)
					edit.place(row.row, place(first.place.settlement, first.municipality.ja + first.name.ja));
			},
			() => undefined,
		);
	};
	return (
		<aside
			className="intake-detail"
			aria-label={row === null ? t('intake.detail.map') : t('intake.detail.title', { row: row.row })}
		>
			<Suspense fallback={<div className="place-map" />}>
				<PlaceMap
					label={t('intake.detail.map')}
					places={places}
					selected={selected}
					onSelect={onSelect}
					onSet={row === null ? undefined : set}
				/>
			</Suspense>
			<p className="place-hint">{row === null ? t('intake.detail.mapAll') : t('intake.detail.mapHint', { row: row.row })}</p>
			{row === null ? (
				<p className="quiet">{t('intake.detail.none')}</p>
			) : (
				<section className="detail-fields">
					<header>
						<h2>{t('intake.detail.title', { row: row.row })}</h2>
						<button type="button" onClick={() => edit.skip([row.row], !row.skipped)}>
							{t(row.skipped ? 'intake.row.takeAgain' : 'intake.row.leaveOut')}
						</button>
					</header>
					{corrections.places.has(row.row) && (
						<p className="detail-place">
							{t('intake.row.chosen')}
							<button type="button" onClick={() => edit.place(row.row, null)}>
								{t('intake.row.undoPlace')}
							</button>
						</p>
					)}
					{intakeFields
						.filter((field) => row.values[field] !== undefined || row.faults.some((fault) => fault.field === field))
						.map((field) => (
							<CellInput
								key={`${row.row} ${field}`}
								label={t(`intake.field.${field}`)}
								value={row.values[field] ?? ''}
								faulty={row.faults.some((fault) => fault.field === field && fault.severity === 'error')}
								disabled={row.skipped}
								onChange={(value) => edit.cell(row.row, field, value)}
							/>
						))}
				</section>
			)}
		</aside>
	);
}
