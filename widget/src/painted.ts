/**
 * Does something once the next frame is painted; or before the page goes out of view, as frames and timers may not
 * come there. It may be done twice.
 */
export function oncePainted(work: () => void): void {
  const leaving = ["visibilitychange", "pagehide"];
  const now = () => {
    for (const type of leaving) removeEventListener(type, now, true);
    work();
  };
  // As it goes down to them: before what sends all that is stored.
  for (const type of leaving) addEventListener(type, now, true);
  requestAnimationFrame(() => setTimeout(now));
}
