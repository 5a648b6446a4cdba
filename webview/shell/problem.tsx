import { formatProblem, ProblemError, problemOfUnknown, type Fix, type Problem } from '../../src/base/problem';
import { Button, Icon } from '../kit';

export const problemOf = (error: unknown): Problem => (error instanceof ProblemError ? error.problem : problemOfUnknown(error));

const isActionable = (fix: Fix): boolean => Boolean(fix.command ?? fix.shell ?? fix.url);

export const fixIcon = (fix: Fix): string | undefined => (fix.shell ? 'copy' : fix.url ? 'link-external' : undefined);

interface FixButtonsProps {
  readonly problem: Problem;
  /** The first fix is the primary button: the smallest change that helps. */
  readonly primary: boolean;
  readonly onFix: (fix: Fix) => void;
}

export const FixButtons = ({ problem, primary, onFix }: FixButtonsProps) => (
  <>
    {problem.fixes.filter(isActionable).map((fix, i) => (
      <Button key={fix.title} primary={primary && i === 0} icon={fixIcon(fix)} title={fix.shell ?? fix.url} onClick={() => onFix(fix)}>
        {fix.title}
      </Button>
    ))}
  </>
);

/** Advice without a button. */
export const adviceOf = (problem: Problem): readonly string[] => problem.fixes.filter((fix) => !isActionable(fix)).map((fix) => fix.title);

interface ProblemStateProps {
  readonly problem: Problem;
  readonly onFix: (fix: Fix) => void;
  readonly onRetry: () => void;
  readonly onCopy: (text: string) => void;
}

/** A problem that leaves nothing else to show. */
export const ProblemState = ({ problem, onFix, onRetry, onCopy }: ProblemStateProps) => (
  <div class="state" role="alert">
    <Icon name={problem.severity} />
    <h2>{problem.title}</h2>
    {problem.detail && <p>{problem.detail}</p>}
    {adviceOf(problem).map((text) => <p key={text}>{text}</p>)}
    <div class="actions">
      <FixButtons problem={problem} primary onFix={onFix} />
      <Button icon="refresh" onClick={onRetry}>Try again</Button>
      <Button icon="copy" onClick={() => onCopy(formatProblem(problem))}>Copy details</Button>
    </div>
    <div class="dim small-text">{problem.code}</div>
  </div>
);
