using System.Buffers;
using System.Text;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Pages;

/// <summary>The checks that need no state: every bound of <see cref="PageBounds"/>, as <c>out-of-bounds</c>.</summary>
/// <remarks>A line of an unknown kind is not out of bounds: whether its kind is agreed depends on the view.</remarks>
public static class PageForm
{
    /// <summary>Why the page cannot be valid in any view, or null.</summary>
    public static Refusal? Check(EncodedPage page) =>
        page.Bytes.Length > PageBounds.MaxPageBytes
            ? Beyond($"The page has {page.Bytes.Length} bytes; at most {PageBounds.MaxPageBytes} are allowed.")
            : Check(page.Page);

    /// <summary>The same without the bound on the page's bytes.</summary>
    public static Refusal? Check(Page page)
    {
        if (page.Number is < 1 or >= PageBounds.NumberLimit)
            return Beyond($"The page number {page.Number} is not between 1 and 2^53-1.");
        if (page.Seen.Number is < 0 or >= PageBounds.NumberLimit)
            return Beyond($"The seen number {page.Seen.Number} is not below 2^53.");
        if (page.TimeMs < 0)
            return Beyond($"The time {page.TimeMs} is negative.");
        if (page.Lines.Length > PageBounds.MaxLines)
            return Beyond($"The page has {page.Lines.Length} lines; at most {PageBounds.MaxLines} are allowed.");
        foreach (var line in page.Lines)
        {
            if (Check(line) is { } refusal)
                return refusal;
        }
        return null;
    }

    /// <summary>Why the line cannot be valid in any view, or null. Also what an intent's lines must pass.</summary>
    public static Refusal? Check(Line line) => line switch
    {
        PayLine pay => Check(pay.Amount) ?? CheckText("memo", pay.Memo, PageBounds.MaxMemoBytes),
        ProposeLine propose => CheckRevision(propose.Amount, propose.Method, propose.Reference),
        ModifyLine modify =>
            Check(modify.Settlement) ?? CheckRevision(modify.Amount, modify.Method, modify.Reference),
        WithdrawLine withdraw => Check(withdraw.Settlement),
        AcceptLine accept => Check(accept.Revision),
        DisputeLine dispute =>
            Check(dispute.Revision) ?? CheckText("reason", dispute.Reason, PageBounds.MaxMemoBytes),
        ReceivedLine received => Check(received.Revision),
        HoldLine hold => Check(hold.Amount) ?? CheckHold(hold),
        FulfilLine fulfil => Check(fulfil.Hold),
        ReleaseLine release => Check(release.Hold) ?? CheckText("reason", release.Reason, PageBounds.MaxMemoBytes),
        VersionLine { Version: < 1 or > PageBounds.MaxVersion } version =>
            Beyond($"The version {version.Version} is not between 1 and {PageBounds.MaxVersion}."),
        OutOfBoundsLine beyond =>
            Beyond($"A value in a {(LineKind)beyond.Kind} line is too small, too large or too long."),
        _ => null,
    };

    private static Refusal? Check(Amount amount) =>
        amount.Units == 0 ? Beyond("An amount is 0; the smallest is 1 unit.") : null;

    private static Refusal? Check(Ref at) =>
        PageBounds.Holds(at) ? null : Beyond($"No line can stand at {at}.");

    private static Refusal? CheckRevision(Amount amount, string method, string reference) =>
        Check(amount)
        ?? CheckText("method", method, PageBounds.MaxReferenceBytes)
        ?? CheckText("reference", reference, PageBounds.MaxReferenceBytes);

    private static Refusal? CheckHold(HoldLine hold)
    {
        if (hold.Locks.Length is < 1 or > PageBounds.MaxLocks)
            return Beyond($"A hold has {hold.Locks.Length} locks; 1 or {PageBounds.MaxLocks} are allowed.");
        if (hold.Data.Length > PageBounds.MaxHoldDataBytes)
            return Beyond($"A hold carries {hold.Data.Length} bytes; the most is {PageBounds.MaxHoldDataBytes}.");
        return hold.NotAfterMs < 0 ? Beyond($"A hold's time {hold.NotAfterMs} is negative.") : null;
    }

    private static Refusal? CheckText(string what, string text, int maxBytes)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > maxBytes)
            return Beyond($"The {what} has {bytes} bytes; at most {maxBytes} are allowed.");
        return IsUnicode(text) ? null : Beyond($"The {what} holds half of a character that needs two.");
    }

    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var used) != OperationStatus.Done)
                return false;
            text = text[used..];
        }
        return true;
    }

    private static Refusal Beyond(string text) => new(Rejections.OutOfBounds, text);
}
