export { loadPage, type PageAsset, PageAssets } from './assets.ts';
