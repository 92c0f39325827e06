/** Two arrows round: the button that refreshes a login. */
export function RefreshIcon() {
  return (
    <svg class="drawn" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d="M13.2 6.6A5.5 5.5 0 0 0 3.4 5M2.8 9.4A5.5 5.5 0 0 0 12.6 11M3.2 1.9V5.2H6.5M12.8 14.1V10.8H9.5" />
    </svg>
  );
}
