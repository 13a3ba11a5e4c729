/** The side form of one record: its head, what somebody else has made of it meanwhile, its fields, and what can be done. */
import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { formatDateTime } from '../i18n/format.ts';
import { useTexts } from '../i18n/index.ts';
import { StateMark } from '../ui/state-mark.tsx';
import { FormProvider } from './form.tsx';
import type { Editor } from './use-editor.ts';

interface Props<D extends object> {
	editor: Editor<D>;
	title: string;
	/** Behind the title: a state, a mark. */
	mark?: ReactNode;
	/** Of what is kept; absent for a new record. */
	kept?: { updated: number; updatedBy: string };
	/** A key of the draft in words, and what stands there. */
	words: (key: keyof D & string, draft: D) => { label: string; value: string };
	onClose: () => void;
	/** Told whether there are changes that would be lost. */
	onDirty?: (dirty: boolean) => void;
	/** Before the fields, outside of what is saved by the button. */
	before?: ReactNode;
	/** Beside the button that saves. */
	actions?: ReactNode;
	/** Shown above the button, such as conflicts that saving would make. */
	warnings?: ReactNode;
	children: ReactNode;
}

export function EditorForm<D extends object>(props: Props<D>) {
	const { editor, title, mark, kept, words, onClose, onDirty, before, actions, warnings, children } = props;
	const { t, language } = useTexts();
	const headId = useId();
	const { dirty } = editor;
	useEffect(() => {
		onDirty?.(dirty);
		return () => onDirty?.(false);
	}, [dirty, onDirty]);
	const keys = (event: KeyboardEvent) => {
		if (event.key === 'Escape' && !event.defaultPrevented) onClose();
		if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			void editor.save();
		}
	};
	return (
		<section className="editor" aria-labelledby={headId} onKeyDown={keys}>
			<header className="editor-head">
				<h2 id={headId}>{title}</h2>
				{mark}
				<button type="button" className="quiet-button" onClick={onClose} aria-label={t('registry.form.close')}>
					✕
				</button>
			</header>
			<FormProvider value={editor.frame}>
				<form
					noValidate
					onSubmit={(event) => {
						event.preventDefault();
						void editor.save();
					}}
				>
					<div className="editor-body">
						<Changed editor={editor} words={words} />
						{before}
						{children}
						{kept !== undefined && (
							<p className="editor-kept">
								{t('registry.form.lastChange', { time: formatDateTime(kept.updated, language), by: kept.updatedBy })}
							</p>
						)}
					</div>
					<footer className="editor-foot">
						{warnings}
						<p role="alert" className="editor-trouble">
							{editor.failure !== null && t(`registry.failure.${editor.failure}`)}
							{editor.failure === null && editor.said > 0 && t('registry.form.faults', { count: editor.said })}
						</p>
						<div className="editor-actions">
							<button type="submit" className="primary" disabled={editor.busy || editor.theirs !== null || editor.gone}>
								{editor.busy ? t('registry.form.saving') : t('registry.form.save')}
							</button>
							{dirty && (
								<button type="button" onClick={editor.reset} disabled={editor.busy}>
									{t('registry.form.reset')}
								</button>
							)}
							<span className="editor-more">{actions}</span>
						</div>
					</footer>
				</form>
			</FormProvider>
		</section>
	);
}

/** What somebody else has saved while this was being edited, field by field, and the two ways on. */
function Changed<D extends object>({ editor, words }: Pick<Props<D>, 'editor' | 'words'>) {
	const { t } = useTexts();
	const { theirs, gone, draft } = editor;
	if (gone) {
		return (
			<div className="changed" role="alert">
				<p>
					<StateMark kind="bad" /> {t('registry.changed.gone')}
				</p>
			</div>
		);
	}
	if (theirs === null) return null;
	const { by, both, changed } = theirs;
	return (
		<div className="changed" role="alert" data-testid="changed">
			<p>
				<StateMark kind="warn" /> <b>{t('registry.changed.title', { by })}</b>
			</p>
			<dl>
				{changed.map((key) => (
					<div key={key}>
						<dt>{words(key, draft).label}</dt>
						<dd>{t('registry.changed.theirs', { by, value: words(key, theirs.draft).value })}</dd>
						{both.includes(key) && <dd>{t('registry.changed.mine', { value: words(key, draft).value })}</dd>}
					</div>
				))}
			</dl>
			<div className="changed-ways">
				<button type="button" onClick={editor.takeTheirs}>
					{t('registry.changed.take')}
				</button>
				<button type="button" onClick={editor.keepMine}>
					{t('registry.changed.keep')}
				</button>
			</div>
			<p className="form-hint">{t('registry.changed.hint')}</p>
		</div>
	);
}

/** A step that cannot be taken back asks once. */
export function AskButton({
	label,
	ask,
	yes,
	onYes,
	disabled = false,
}: {
	label: string;
	ask: string;
	yes: string;
	onYes: () => void;
	disabled?: boolean;
}) {
	const { t } = useTexts();
	const [asking, setAsking] = useState(false);
	if (!asking) {
		return (
			<button type="button" className="danger" disabled={disabled} onClick={() => setAsking(true)}>
				{label}
			</button>
		);
	}
	return (
		<span className="ask" role="group" aria-label={ask}>
			<span>{ask}</span>
			<button
				type="button"
				className="danger"
				autoFocus
				onClick={() => {
					setAsking(false);
					onYes();
				}}
			>
				{yes}
			</button>
			<button type="button" onClick={() => setAsking(false)}>
				{t('registry.form.keep')}
			</button>
		</span>
	);
}
