using System.Globalization;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;
using Tallystick.Node.Identity;

namespace Tallystick.Node.Settlements;

/// <summary>Checks settlements' files. It needs no node, no book and no network.</summary>
public static class SettlementFiles
{
    /// <summary>More than the largest file that a node saves for people who do not quarrel without end.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private static readonly long LatestMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Whether a file begins as one that was saved here.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<byte> bytes) => bytes.StartsWith(SettlementFileCodec.Tag);

    /// <summary>What the file proves, or the first thing that is wrong with it.</summary>
    public static FileProof Check(ReadOnlySpan<byte> bytes)
    {
        if (!LooksLikeOne(bytes))
            return Wrong("This is no file of a settlement.");
        if (!SettlementFileCodec.TryDecode(bytes, out var file, out var refusal))
            return Wrong($"The file is damaged: {refusal.Text}");
        var keys = new KeyRing();
        return SettlementProof.TryCheck(
            file, (key, hash, signature) => keys.Verify(key, hash, signature.Span), out var proof, out var wrong)
                ? new FileProof(Holds: true, Describe(file, proof))
                : Wrong($"The file does not hold: {wrong}");
    }

    private static FileProof Wrong(string why) => new(Holds: false, [why]);

    private static List<string> Describe(SettlementFile file, SettlementProof proof)
    {
        var (settlement, asset) = (proof.Settlement, file.Asset);
        var shown = SettlementTrail.Shown(settlement);
        var lines = new List<string>
        {
            $"payer     {Name(proof, settlement.Payer)}",
            $"receiver  {Name(proof, settlement.Receiver)}",
            $"amount    {AmountText.FormatWithCode(shown.Amount.Units, asset)}",
            $"method    {TextOf(shown.Method)}",
            $"reference {TextOf(shown.Reference)}",
            $"state     {State(settlement)}",
        };
        lines.AddRange(proof.Lines.Select(line => Step(file, proof, line, asset)));
        if (proof.Booking is { } booking)
        {
            var after = booking.Totals.Given - booking.Totals.Taken;
            var before = after - shown.Amount.Units;
            lines.Add($"the payer's balance was {AmountText.Format(before, asset)} before and "
                + $"{AmountText.FormatWithCode(after, asset)} after, by page {booking.Number} that booked it");
        }
        lines.AddRange(proof.Unlinked.Select(page =>
            $"page {page.Number} of party {(int)page.Author}: the page before it is not there, so its totals are "
                + "not compared; it may follow a reset"));
        lines.Add(file.Origin == SettlementFileOrigin.BothKeys
            ? "saved on a server that held both keys: it proves what that server signed for both"
            : "each party signed with its own key");
        lines.Add($"{file.Pages.Length} pages and as many signatures checked: it holds. What else the tab has, "
            + "a file cannot say.");
        return lines;
    }

    private static string State(Settlement settlement) => settlement.Status() switch
    {
        SettlementStatus.Settled => "settled, for good: the receiver signed that it came",
        SettlementStatus.Withdrawn => "withdrawn by its proposer",
        SettlementStatus.Agreed => "agreed by the payer when it was saved; not booked",
        SettlementStatus.Disputed => "disputed when it was saved",
        _ => "proposed when it was saved; not answered",
    };

    private static string Step(SettlementFile file, SettlementProof proof, TrailLine line, Asset asset)
    {
        var page = file.Pages.First(page => (page.Page.Author, page.Page.Number) == (line.Author, line.At.Page));
        var number = SettlementTrail.NumberOf(proof.Settlement, line);
        var amount = number == 0
            ? string.Empty
            : " " + AmountText.FormatWithCode(proof.Settlement.Revisions[number - 1].Amount.Units, asset);
        var reason = line.Line is DisputeLine { Reason.Length: > 0 } dispute
            ? $" ({DisplayText.Of(dispute.Reason)})"
            : string.Empty;
        // The clock of whoever wrote it; no rule uses it.
        var said = DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(page.Page.TimeMs, LatestMs))
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"{said} UTC  {(line.Author == proof.Settlement.Payer ? "payer" : "receiver")}: "
            + $"{SettlementText.KindOf(line.Line)}{amount}{reason}, page {line.At.Page}, {page.Hash}";
    }

    private static string Name(SettlementProof proof, Party party) =>
        Fingerprint.Of(proof.Terms.KeyOf(party)).ToString();

    private static string TextOf(string text) => text.Length == 0 ? "none" : DisplayText.Of(text);
}
