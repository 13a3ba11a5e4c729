/** Plans: made with one button, watched while they improve, changed by hand, compared, published. */
import { usePath } from '../../../app/router.tsx';
import { placeOfPath } from './addresses.ts';
import { BoardPage } from './board-page.tsx';
import { BoardsPage } from './boards-page.tsx';
import { ComparePage } from './compare-page.tsx';
import './planning.css';

export default function PlanningPage() {
	const place = placeOfPath(usePath());
	switch (place.page) {
		case 'list':
			return <BoardsPage />;
		case 'board':
			return <BoardPage key={place.board} id={place.board} />;
		case 'compare':
			return <ComparePage key={`${place.board} ${place.other}`} board={place.board} other={place.other} />;
	}
}
