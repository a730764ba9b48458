/** The mark: a C on the blue-violet square. */
export const Logo = ({ size = 22 }: { readonly size?: number }) => (
  <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className="shrink-0">
    <defs>
      <linearGradient id="logo-ground" x1="0" y1="0" x2="1" y2="1">
        <stop stopColor="#2f5fd0" />
        <stop offset="1" stopColor="#6b46c1" />
      </linearGradient>
    </defs>
    <rect width="32" height="32" rx="8" fill="url(#logo-ground)" />
    <path d="M21.5 12.2a7 7 0 1 0 0 7.6" fill="none" stroke="#fff" strokeWidth="3.4" strokeLinecap="round" />
  </svg>
);
