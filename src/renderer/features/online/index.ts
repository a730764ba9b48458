export { OnlineSearch } from './online-search.tsx';
