using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tallystick.Client;
using Tallystick.Node.Web.Parts;

namespace Tallystick.Node.Web.Activities;

/// <summary>The history as comma-separated values (RFC 4180), newest first, sent as it is read.</summary>
internal static class CsvFile
{
    private const string Header = "time,peer,by,kind,amount,change,asset,text,state,page,line,id,settlement\r\n";
    private const int CharactersAtOnce = 32 * 1024;

    public static async Task SendAsync(HttpContext http, ActivityReader reader, ActivityFilter filter)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"tallystick-activity.csv\"";
        var text = new StringBuilder(Header);
        foreach (var (entry, _) in reader.Entries(filter, before: null))
        {
            if (filter.Fits(entry))
                Append(text, entry);
            if (text.Length < CharactersAtOnce)
                continue;
            await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
            text.Clear();
        }
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    private static void Append(StringBuilder text, HistoryEntry entry)
    {
        string?[] fields =
        [
            Moment.Iso(entry.Time),
            Quoted(entry.Peer),
            entry.Mine ? "me" : "peer",
            entry is { Kind: "propose", IsAsk: true } ? "ask" : entry.Kind,
            entry.Amount,
            entry.Change,
            entry.Asset,
            Quoted(entry.Text),
            entry.State,
            entry.Page?.ToString(CultureInfo.InvariantCulture),
            entry.Line?.ToString(CultureInfo.InvariantCulture),
            entry.Id,
            entry.Settlement,
        ];
        text.AppendJoin(',', fields).Append("\r\n");
    }

    // A spreadsheet must not take what a peer wrote for a formula.
    private static string Quoted(string? text)
    {
        var harmless = Say.Text(text).Replace("\"", "\"\"", StringComparison.Ordinal);
        return harmless.Length == 0 ? string.Empty
            : harmless[0] is '=' or '+' or '-' or '@' ? $"\"'{harmless}\""
            : $"\"{harmless}\"";
    }
}
