/** One van: what it is, how large, what it carries, and when it cannot go. */
import { useCallback } from 'react';
import {
	equipmentKinds,
	fleetVehicleBody,
	vehicleClassNames,
	vehicleClassSizes,
	type EquipmentKind,
	type FleetVehicle,
} from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { EditorForm } from '../../../shared/records/editor-form.tsx';
import { ChoiceField, NumberField, TextField, TickField, TicksField, numberOf } from '../../../shared/records/fields.tsx';
import { FormSection } from '../../../shared/records/form.tsx';
import { SearchSelect } from '../../../shared/records/search-select.tsx';
import { useEditor } from '../../../shared/records/use-editor.ts';
import { barsText, barredBy } from './bars.ts';
import { DeleteButton, type ResourceFormProps } from './resource-form.tsx';
import { SpanFields, spanBodies, spanDrafts, spansText, type SpanDraft } from './span-fields.tsx';

type VehicleClass = FleetVehicle['class'];
const sides = ['width', 'height', 'length', 'weight'] as const;
type Sizes = Record<(typeof sides)[number], string>;

interface VehicleDraft {
	vehicle: string;
	name: string;
	base: string | null;
	class: VehicleClass;
	size: { own: boolean } & Sizes;
	equipment: EquipmentKind[];
	outages: SpanDraft[];
	note: string;
}

const sizesOf = (size: Readonly<Record<(typeof sides)[number], number>>): Sizes => ({
	width: String(size.width),
	height: String(size.height),
	length: String(size.length),
	weight: String(size.weight),
});

function toDraft(vehicle: FleetVehicle): VehicleDraft {
	return {
		vehicle: vehicle.vehicle,
		name: vehicle.name,
		base: vehicle.base,
		class: vehicle.class,
		size: { own: vehicle.size !== null, ...sizesOf(vehicle.size ?? vehicleClassSizes[vehicle.class]) },
		equipment: [...vehicle.equipment],
		outages: spanDrafts(vehicle.outages),
		note: vehicle.note,
	};
}

const toBody = ({ size, outages, ...draft }: VehicleDraft): unknown => ({
	...draft,
	size: size.own ? Object.fromEntries(sides.map((side) => [side, numberOf(size[side])])) : null,
	outages: spanBodies(outages),
});

const empty = (): VehicleDraft => ({
	vehicle: '',
	name: '',
	base: null,
	class: 'van',
	size: { own: false, ...sizesOf(vehicleClassSizes.van) },
	equipment: [],
	outages: [],
	note: '',
});

export function VehicleForm(props: ResourceFormProps<FleetVehicle>) {
	const { record, today, facts, doings, onSaved, onClose, onDirty } = props;
	const { t } = useTexts();
	const editor = useEditor<'fleet-vehicle', VehicleDraft>({
		kind: 'fleet-vehicle',
		record,
		empty,
		toDraft,
		toBody,
		schema: fleetVehicleBody,
		onSaved: (kept) => {
			doings.did({ text: t('registry.resources.saved', { name: kept.name }) });
			onSaved(kept.id);
		},
	});
	const { draft, set } = editor;
	const words = useVehicleWords(props.facts);
	const numbers = Object.fromEntries(sides.map((side) => [side, Number(draft.size[side])])) as Record<
		(typeof sides)[number],
		number
	>;
	const size = draft.size.own ? numbers : vehicleClassSizes[draft.class];
	return (
		<EditorForm
			editor={editor}
			title={record?.name ?? t('registry.vehicle.new')}
			{...(record !== null && { kept: record })}
			words={words}
			onClose={onClose}
			onDirty={onDirty}
			actions={
				record !== null && <DeleteButton kind="fleet-vehicle" record={record} name={record.name} doings={doings} onGone={onClose} />
			}
		>
			<FormSection title={t('registry.vehicle.facts')}>
				<TextField
					name="name"
					label={t('registry.vehicle.name')}
					required
					size={14}
					value={draft.name}
					onChange={(name) => set({ name })}
				/>
				<TextField
					name="vehicle"
					label={t('registry.vehicle.id')}
					hint={t('registry.vehicle.idHint')}
					required
					size={14}
					value={draft.vehicle}
					tidy={(text) => text.normalize('NFKC').trim()}
					onChange={(vehicle) => set({ vehicle })}
				/>
				<SearchSelect
					name="base"
					label={t('registry.vehicle.base')}
					required
					placeholder={t('registry.vehicle.basePlaceholder')}
					options={[...facts.facilities.values()].map(({ id, text }) => ({ value: id, text }))}
					value={draft.base}
					onChange={(base) => set({ base })}
				/>
				<ChoiceField
					name="class"
					label={t('registry.vehicle.class')}
					options={vehicleClassNames.map((value) => ({ value, text: t(`registry.vehicle.classes.${value}`) }))}
					value={draft.class}
					onChange={(next) =>
						set({ class: next, ...(!draft.size.own && { size: { own: false, ...sizesOf(vehicleClassSizes[next]) } }) })
					}
					hint={
						<span data-testid="bars">
							{t('registry.resources.measures', { ...size })}
							<br />
							{barsText(t, size, barredBy(size, facts.limits))}
						</span>
					}
				/>
				<TickField
					name="size"
					label={t('registry.vehicle.ownSize')}
					text={t('registry.vehicle.ownSizeTick')}
					value={draft.size.own}
					onChange={(own) => set({ size: { ...draft.size, own } })}
				/>
				{draft.size.own &&
					sides.map((side) => (
						<NumberField
							key={side}
							name={`size.${side}`}
							label={t(`registry.vehicle.${side}`)}
							required
							unit={side === 'weight' ? 't' : 'm'}
							value={draft.size[side]}
							onChange={(value) => set({ size: { ...draft.size, [side]: value } })}
						/>
					))}
				<TicksField
					name="equipment"
					label={t('registry.vehicle.equipment')}
					options={equipmentKinds.map((value) => ({ value, text: t(`registry.equipment.${value}`) }))}
					value={draft.equipment}
					onChange={(equipment) => set({ equipment })}
				/>
				<TextField name="note" label={t('registry.vehicle.note')} lines={2} value={draft.note} onChange={(note) => set({ note })} />
			</FormSection>
			<SpanFields
				name="outages"
				today={today}
				words={{
					title: t('registry.vehicle.outages'),
					from: t('registry.vehicle.outageFrom'),
					until: t('registry.vehicle.outageUntil'),
					reason: t('registry.vehicle.outageReason'),
					add: t('registry.vehicle.addOutage'),
					remove: (n) => t('registry.vehicle.removeOutage', { n }),
					open: t('registry.vehicle.openEnd'),
				}}
				value={draft.outages}
				disabled={editor.busy}
				onChange={(outages) => set({ outages })}
			/>
		</EditorForm>
	);
}

function useVehicleWords(facts: ResourceFormProps<FleetVehicle>['facts']) {
	const { t, language } = useTexts();
	return useCallback(
		(key: keyof VehicleDraft, draft: VehicleDraft): { label: string; value: string } => {
			const none = t('registry.form.none');
			switch (key) {
				case 'vehicle':
					return { label: t('registry.vehicle.id'), value: draft.vehicle };
				case 'name':
					return { label: t('registry.vehicle.name'), value: draft.name };
				case 'base':
					return { label: t('registry.vehicle.base'), value: facts.facilities.get(draft.base ?? '')?.text ?? none };
				case 'class':
					return { label: t('registry.vehicle.class'), value: t(`registry.vehicle.classes.${draft.class}`) };
				case 'size':
					return {
						label: t('registry.vehicle.ownSize'),
						value: draft.size.own ? t('registry.resources.measures', { ...draft.size }) : none,
					};
				case 'equipment':
					return {
						label: t('registry.vehicle.equipment'),
						value: draft.equipment.map((kind) => t(`registry.equipment.${kind}`)).join('、') || none,
					};
				case 'outages':
					return { label: t('registry.vehicle.outages'), value: spansText(draft.outages, language, none) };
				case 'note':
					return { label: t('registry.vehicle.note'), value: draft.note || none };
			}
		},
		[t, language, facts],
	);
}
