/** The form of what is open: a van, a person, a doctor or a shift. */
import { useTexts } from '../../../shared/i18n/index.ts';
import type { Doings } from '../../../shared/records/undo-bar.tsx';
import { DoctorForm } from './doctor-form.tsx';
import type { RegionFacts } from './region-facts.ts';
import type { Resources } from './resource-form.tsx';
import type { Opened } from './resource-rows.tsx';
import { ShiftForm } from './shift-form.tsx';
import { StaffForm } from './staff-form.tsx';
import { VehicleForm } from './vehicle-form.tsx';

interface Props {
	opened: Opened;
	today: string;
	resources: Resources;
	facts: RegionFacts;
	doings: Doings;
	surge: boolean;
	onSaved: (id: number) => void;
	onClose: () => void;
	onDirty: (dirty: boolean) => void;
}

/** The record of a number; `undefined` while it is not known. */
function pick<T extends { id: number }>(items: readonly T[], id: number | null): T | null | undefined {
	return id === null ? null : items.find((one) => one.id === id);
}

export function ResourcePanel({ opened, surge, ...common }: Props) {
	const { t } = useTexts();
	const { fleet, staff, shifts, doctors } = common.resources;
	const day = 'day' in opened ? (opened.day ?? null) : null;
	const gone = (
		<section className="editor">
			<p className="registry-message quiet">{t('registry.changed.gone')}</p>
		</section>
	);
	switch (opened.kind) {
		case 'vehicle': {
			const record = pick(fleet, opened.id);
			return record === undefined ? gone : <VehicleForm record={record} {...common} />;
		}
		case 'staff': {
			const record = pick(staff, opened.id);
			return record === undefined ? gone : <StaffForm record={record} surge={surge} absentOn={day} {...common} />;
		}
		case 'doctor': {
			const record = pick(doctors, opened.id);
			return record === undefined ? gone : <DoctorForm record={record} surge={surge} absentOn={day} {...common} />;
		}
		case 'shift': {
			const record = pick(shifts, opened.id);
			const vehicle = opened.id === null ? (opened.vehicle ?? null) : null;
			return record === undefined ? gone : <ShiftForm record={record} vehicle={vehicle} day={day} surge={surge} {...common} />;
		}
	}
}
