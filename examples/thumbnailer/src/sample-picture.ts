/** The picture that GET /thumbnail shows: hills at sunset, drawn so that the service can be tried without a file at hand. */
const drawing = `
<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1000">
  <linearGradient id="sky" x2="0" y2="1">
    <stop offset="0" stop-color="#26437a"/><stop offset="0.7" stop-color="#f0a35e"/><stop offset="1" stop-color="#fbe3a8"/>
  </linearGradient>
  <rect width="1600" height="1000" fill="url(#sky)"/>
  <circle cx="1100" cy="560" r="90" fill="#fff4d6"/>
  <path d="M0 700 Q 300 480 620 660 T 1200 640 T 1600 600 V 1000 H 0 Z" fill="#5b4b72"/>
  <path d="M0 820 Q 400 660 800 800 T 1600 760 V 1000 H 0 Z" fill="#33304f"/>
</svg>`

export const samplePicture: Buffer = Buffer.from(drawing)
