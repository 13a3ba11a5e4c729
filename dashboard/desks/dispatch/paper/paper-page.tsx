/** Sheets for printing: which there are (`/dispatch/paper`), and each of them as it comes out of the printer (below it). */
import { usePath } from '../../../app/router.tsx';
import { OperatorView, SheetsView } from './print-views.tsx';
import { PaperIndex } from './paper-index.tsx';
import './paper.css';

export default function PaperPage() {
	const part = usePath().split('/')[3];
	if (part === 'vans') return <SheetsView kind="vans" />;
	if (part === 'doctors') return <SheetsView kind="doctors" />;
	if (part === 'operator') return <OperatorView />;
	return <PaperIndex />;
}
