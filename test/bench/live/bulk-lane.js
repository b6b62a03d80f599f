// Rows are moved in columns, thousands to a frame: what a call of `send` costs matters little, so the yardstick is not that of
// frames sent one by one, which would flatter.
import { bulkFanOut } from './measure/bulk-fan-out.js';

const LIVE = '@nanometer/live';

export const cases = [
  {
    name: 'bulk lane, 10 clients, one thread',
    libraries: {
      [LIVE]: async () => {
        const { updatesPerSecond, deliveriesPerSecond } = await bulkFanOut();
        return { 'updates taken /s': [updatesPerSecond], 'deliveries /s': [deliveriesPerSecond] };
      },
    },
    targets: [
      { library: LIVE, measure: 'updates taken /s', atLeast: 1_000_000, scaledBy: 'columns' },
      { library: LIVE, measure: 'deliveries /s', atLeast: 4_000_000, scaledBy: 'columns' },
    ],
  },
];
