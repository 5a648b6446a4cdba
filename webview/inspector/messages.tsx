import { useState } from 'preact/hooks';
import type { Fix, Problem } from '../../src/base/problem';
import { Button, Icon } from '../kit';
import { adviceOf, FixButtons } from '../shell/problem';
import { useMedia } from '../shell/use-size';

/** More than this push the table off the screen: the rest waits behind a button. */
const ROWS_AT_MOST = 2;
const NARROW = '(max-width: 479px)';
const NARROW_ROWS_AT_MOST = 1;

interface MessagesProps {
  readonly problems: readonly Problem[];
  readonly onFix: (fix: Fix) => void;
}

const Message = ({ problem, first, onFix }: { readonly problem: Problem; readonly first: boolean; readonly onFix: (fix: Fix) => void }) => (
  <div class="message" title={[problem.detail, problem.code].filter(Boolean).join('\n')}>
    <Icon name={problem.severity} />
    <span class="text">
      <b>{problem.title}{/[.!?]$/.test(problem.title) ? '' : '.'}</b> {problem.where?.layer && !/\blayer\b/i.test(problem.title) && !problem.title.includes(problem.where.layer) ? `Layer ${problem.where.layer}. ` : ''}
      <span class="dim">{[problem.detail?.split('\n')[0], ...adviceOf(problem)].filter(Boolean).join(' · ')}</span>
    </span>
    <span class="actions"><FixButtons problem={problem} primary={first && problem.severity === 'error'} onFix={onFix} /></span>
  </div>
);

/** One row per finding, worst first. */
export const Messages = ({ problems, onFix }: MessagesProps) => {
  const [all, setAll] = useState(false);
  const most = useMedia(NARROW) ? NARROW_ROWS_AT_MOST : ROWS_AT_MOST;
  if (!problems.length) return null;
  const shown = all ? problems : problems.slice(0, most);
  const hidden = problems.length - shown.length;
  return (
    <section class="messages" aria-label="Findings">
      {shown.map((problem, i) => <Message key={`${problem.code} ${problem.title} ${problem.where?.layer}`} problem={problem} first={i === 0} onFix={onFix} />)}
      {(hidden > 0 || all) && problems.length > most && (
        <div class="message more"><Button onClick={() => setAll(!all)}>{all ? 'Show fewer' : `${hidden} more`}</Button></div>
      )}
    </section>
  );
};
