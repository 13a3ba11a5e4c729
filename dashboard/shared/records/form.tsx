/** What a form is made of: a frame that knows what is wrong, and fields that say it beside themselves. */
import { createContext, use, useId, type ReactNode } from 'react';
import { useTexts } from '../i18n/index.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { faultText, type Fault } from './faults.ts';
import './records.css';

export interface FormFrame {
	/** Prefix of the ids of its fields. */
	readonly id: string;
	/** What is wrong with a field and may be said by now; deep: of all fields below it too. */
	shown(path: string, deep?: boolean): Fault | null;
	/** A field was left: from now on it may say what is wrong with it. */
	leave(path: string): void;
	/** Nothing can be changed while it is being saved. */
	readonly busy: boolean;
}

const Frame = createContext<FormFrame | null>(null);
export const FormProvider = Frame.Provider;

export function useFrame(): FormFrame {
	const frame = use(Frame);
	if (frame === null) throw new Error('a field outside of its form');
	return frame;
}

export const fieldId = (frame: FormFrame, name: string): string => `${frame.id}-${name.replaceAll('.', '-')}`;

/** What a control needs to be told apart by a screen reader. */
export interface ControlProps {
	id: string;
	'aria-describedby': string | undefined;
	'aria-invalid': boolean | undefined;
	'aria-required': boolean | undefined;
	disabled: boolean;
	onBlur: () => void;
}

interface FieldProps {
	/** Path of its value in the body, with dots. */
	name: string;
	label: string;
	hint?: ReactNode;
	required?: boolean;
	/** Says what is wrong with anything below its path, too. */
	deep?: boolean;
	/** Several controls under one label. */
	group?: boolean;
	children: (control: ControlProps) => ReactNode;
}

/** A label, its control, a hint, and what is wrong. */
export function Field({ name, label, hint, required = false, deep = false, group = false, children }: FieldProps) {
	const { t } = useTexts();
	const frame = useFrame();
	const id = fieldId(frame, name);
	const fault = frame.shown(name, deep);
	const describedBy = [hint !== undefined && `${id}-hint`, fault !== null && `${id}-fault`].filter(Boolean).join(' ');
	const control: ControlProps = {
		id,
		'aria-describedby': describedBy === '' ? undefined : describedBy,
		'aria-invalid': fault === null ? undefined : true,
		'aria-required': required ? true : undefined,
		disabled: frame.busy,
		onBlur: () => frame.leave(name),
	};
	const words = (
		<>
			{label}
			{required && <span className="must">{t('registry.form.required')}</span>}
		</>
	);
	return (
		<div className="form-field" data-field={name} data-faulty={fault !== null || undefined}>
			{group ? (
				<span className="form-label" id={`${id}-label`}>
					{words}
				</span>
			) : (
				<label className="form-label" htmlFor={id} id={`${id}-label`}>
					{words}
				</label>
			)}
			<div
				className="form-control"
				{...(group && { role: 'group', 'aria-labelledby': `${id}-label`, 'aria-describedby': control['aria-describedby'] })}
			>
				{children(control)}
				{hint !== undefined && (
					<p className="form-hint" id={`${id}-hint`}>
						{hint}
					</p>
				)}
				{fault !== null && (
					<p className="form-fault" id={`${id}-fault`} data-fault={fault.kind}>
						<StateMark kind="bad" /> {faultText(t, fault)}
					</p>
				)}
			</div>
		</div>
	);
}

/** Fields that belong together, under a heading. */
export function FormSection({ title, extra, children }: { title: string; extra?: ReactNode; children: ReactNode }) {
	const id = useId();
	return (
		<section className="form-section" aria-labelledby={id}>
			<header>
				<h3 id={id}>{title}</h3>
				{extra}
			</header>
			{children}
		</section>
	);
}
