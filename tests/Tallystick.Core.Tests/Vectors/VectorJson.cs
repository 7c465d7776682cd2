using System.Text.Json.Nodes;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;

namespace Tallystick.Core.Tests.Vectors;

/// <summary>The fields of every record as JSON, in words of the protocol, so that vectors can be read alone.</summary>
internal static class VectorJson
{
    public static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    public static JsonObject Of(Page page) => new()
    {
        ["tab"] = page.Tab.ToString(),
        ["author"] = (int)page.Author,
        ["number"] = page.Number,
        ["previous"] = page.Previous.ToString(),
        ["seen"] = Of(page.Seen),
        ["basis"] = page.Basis.ToString(),
        ["time"] = page.TimeMs,
        ["lines"] = new JsonArray([.. page.Lines.Select(Of)]),
        ["given"] = page.Totals.Given,
        ["taken"] = page.Totals.Taken,
        ["held"] = page.Totals.Held,
        ["heldPeer"] = page.Totals.HeldPeer,
        ["stateDigest"] = page.StateDigest.ToString(),
    };

    public static JsonObject Of(Greeting greeting) => new()
    {
        ["key"] = greeting.Key.ToString(),
        ["name"] = greeting.Name,
        ["nonce"] = greeting.Nonce.ToString(),
        ["runId"] = greeting.RunId.ToString(),
        ["listenPort"] = greeting.ListenPort,
        ["minVersion"] = greeting.MinVersion,
        ["maxVersion"] = greeting.MaxVersion,
    };

    public static JsonObject Of(Hello hello) => new()
    {
        ["tab"] = hello.Tab.ToString(),
        ["asset"] = hello.Asset.Code,
        ["scale"] = hello.Asset.Scale,
        ["author"] = (int)hello.Author,
        ["mine"] = Of(hello.Mine),
        ["held"] = Of(hello.Held),
        ["era"] = Of(hello.Era),
        ["diallerNonce"] = hello.Link.DiallerNonce.ToString(),
        ["listenerNonce"] = hello.Link.ListenerNonce.ToString(),
        ["diallerCertificate"] = hello.Link.DiallerCertificate.ToString(),
        ["listenerCertificate"] = hello.Link.ListenerCertificate.ToString(),
        ["runId"] = hello.RunId.ToString(),
        ["foldVersion"] = hello.FoldVersion,
    };

    public static JsonObject Of(Fault fault) => new()
    {
        ["tab"] = fault.Tab.ToString(),
        ["author"] = (int)fault.Author,
        ["page"] = Hex(fault.Page.Content.Bytes),
        ["pageSignature"] = Hex(fault.Page.Signature),
        ["rejection"] = fault.Rejection,
    };

    public static JsonObject Of(Reset reset) => new()
    {
        ["tab"] = reset.Tab.ToString(),
        ["era"] = reset.Era,
        ["previous"] = reset.Previous.ToString(),
        ["parties"] = new JsonArray(Of(reset.Zero), Of(reset.One)),
    };

    private static JsonObject Of(ResetParty party) => new()
    {
        ["kept"] = Of(party.Kept),
        ["first"] = party.First,
        ["given"] = party.Given,
        ["limit"] = party.Limit == CreditLimit.None ? "none" : party.Limit.Units,
        ["hasLimit"] = party.HasLimit,
        ["version"] = party.Version,
        ["holds"] = new JsonArray([.. party.Holds.Select(hold => new JsonObject
        {
            ["ref"] = Of(hold.Ref),
            ["amount"] = hold.Amount.Units,
            ["locks"] = Of(hold.Locks),
        })]),
    };

    private static JsonObject Of(Head head) => new() { ["number"] = head.Number, ["hash"] = head.Hash.ToString() };

    private static JsonObject Of(Line line)
    {
        var json = new JsonObject { ["kind"] = LineCodec.KindOf(line) };
        if (line is UnknownLine or OutOfBoundsLine)
        {
            json["body"] = Hex((line as UnknownLine)?.Body.ToArray() ?? ((OutOfBoundsLine)line).Body.ToArray());
            return json;
        }
        json["name"] = ((LineKind)LineCodec.KindOf(line)).ToString();
        json["requestId"] = line.RequestId.ToString();
        foreach (var (name, value) in FieldsOf(line))
            json[name] = value;
        return json;
    }

    private static IEnumerable<(string Name, JsonNode Value)> FieldsOf(Line line) => line switch
    {
        PayLine pay => [("amount", pay.Amount.Units), ("memo", pay.Memo)],
        LimitLine { Limit: var limit } => [("limit", limit == CreditLimit.None ? "none" : (JsonNode)limit.Units)],
        ProposeLine l =>
        [
            ("payerIsMe", l.PayerIsMe), ("amount", l.Amount.Units), ("method", l.Method), ("reference", l.Reference),
        ],
        ModifyLine l =>
        [
            ("settlement", Of(l.Settlement)), ("amount", l.Amount.Units), ("method", l.Method),
            ("reference", l.Reference),
        ],
        WithdrawLine withdraw => [("settlement", Of(withdraw.Settlement))],
        AcceptLine accept => [("revision", Of(accept.Revision))],
        DisputeLine dispute => [("revision", Of(dispute.Revision)), ("reason", dispute.Reason)],
        ReceivedLine received => [("revision", Of(received.Revision))],
        HoldLine hold =>
        [
            ("amount", hold.Amount.Units), ("locks", Of(hold.Locks)), ("data", Hex(hold.Data.AsMemory())),
            ("notAfter", hold.NotAfterMs),
        ],
        FulfilLine fulfil => [("hold", Of(fulfil.Hold)), ("preimages", Of(fulfil.Preimages))],
        ReleaseLine release => [("hold", Of(release.Hold)), ("reason", release.Reason)],
        VersionLine version => [("version", version.Version)],
        _ => throw new ArgumentOutOfRangeException(nameof(line)),
    };

    private static JsonObject Of(Ref at) => new JsonObject { ["page"] = at.Page, ["line"] = at.Line };

    private static JsonArray Of(IEnumerable<Hash> hashes) =>
        new JsonArray([.. hashes.Select(h => (JsonNode)h.ToString())]);
}
