-- What was billed in a month, by currency and kind, in minor units; over all kinds it is `totals.billed` of the month's manifest.
-- Parameter: the month, yyyy-mm.
select currency, kind, sum(amount) as billed, count(*) as transactions
from transactions
where export_month = ? and ledger = 'billed'
group by currency, kind
order by currency, kind
