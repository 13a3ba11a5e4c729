/** What the forms of vans, people and shifts share. */
import type { DoctorRecord, FleetVehicle, KeptKind, Shift, StaffMember } from '@junkai/contracts';
import { registryApi } from '../../../shared/api/registry.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { AskButton } from '../../../shared/records/editor-form.tsx';
import type { Doings } from '../../../shared/records/undo-bar.tsx';
import { useRecordChanges } from '../../../shared/records/use-records.ts';
import type { RegionFacts } from './region-facts.ts';

/** All that the page has at hand. */
export interface Resources {
	fleet: readonly FleetVehicle[];
	staff: readonly StaffMember[];
	shifts: readonly Shift[];
	doctors: readonly DoctorRecord[];
}

/** What a form of this page is given. */
export interface ResourceFormProps<R> {
	record: R | null;
	today: string;
	resources: Resources;
	facts: RegionFacts;
	doings: Doings;
	onSaved: (id: number) => void;
	onClose: () => void;
	onDirty: (dirty: boolean) => void;
}

interface DeleteProps {
	kind: KeptKind;
	record: { id: number; version: number };
	name: string;
	doings: Doings;
	onGone: () => void;
}

/** Asks once; what others refer to is kept, and that is said. */
export function DeleteButton({ kind, record, name, doings, onGone }: DeleteProps) {
	const { t } = useTexts();
	const { dropped } = useRecordChanges();
	const remove = async () => {
		try {
			await registryApi.remove(kind, record.id, record.version);
			onGone();
			dropped(kind, record.id);
			doings.did({ text: t('registry.resources.deleted', { name }) });
		} catch {
			doings.did({ text: t('registry.failure.in-use') });
		}
	};
	return (
		<AskButton
			label={t('registry.form.delete')}
			ask={t('registry.form.deleteAsk')}
			yes={t('registry.form.deleteYes')}
			onYes={() => void remove()}
		/>
	);
}
