/** Characters at the end of a name that stay whole: that is where names differ (`…conv2d_11`). */
const TAIL = 8;

/** A name shortened in its middle where it does not fit. */
export const Name = ({ text, title = text }: { readonly text: string; readonly title?: string }) =>
  text.length <= TAIL * 2 ? (
    <span class="name" title={title}><span class="head">{text}</span></span>
  ) : (
    <span class="name" title={title}>
      <span class="head">{text.slice(0, -TAIL)}</span>
      <span class="tail">{text.slice(-TAIL)}</span>
    </span>
  );
