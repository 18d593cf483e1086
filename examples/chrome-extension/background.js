import { load } from 'mobilenetv2'

let loading

async function classify(url) {
  loading ??= load()
  const model = await loading
  const [best] = await model.classify(url)
  return { text: `${Math.round(100 * best.probability)} %`, title: best.label }
}

chrome.runtime.onInstalled.addListener(() => {
  chrome.contextMenus.create({ id: 'classify', title: 'What is on this picture?', contexts: ['image'] })
})

chrome.contextMenus.onClicked.addListener(async ({ srcUrl }) => {
  await chrome.action.setBadgeText({ text: '…' })
  const { text, title } = await classify(srcUrl).catch(({ message }) => ({ text: '!', title: message }))
  await chrome.action.setBadgeText({ text })
  await chrome.action.setTitle({ title })
})
