// A limiter of five for the folders and for the files in them: four folders work, and with five each waits for a slot to
// read what it has listed.
import pLimit from 'p-limit';

const limit = pLimit(5);
const read = async (file) => file.length;

async function list(folder) {
  const sizes = await Promise.all(['x', 'yy'].map((file) => limit(() => read(`${folder}/${file}`))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const listAll = (folders) => Promise.all(folders.map((folder) => limit(list, folder)));

console.log(await listAll(['a', 'b', 'c', 'd']));
console.log(await listAll(['a', 'b', 'c', 'd', 'e']));
