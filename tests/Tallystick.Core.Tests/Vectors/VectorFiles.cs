using System.Text.Json.Nodes;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;
using static Tallystick.Core.Tests.Vectors.VectorJson;

namespace Tallystick.Core.Tests.Vectors;

/// <summary>What stands in each file of <c>vectors/</c>.</summary>
internal static class VectorFiles
{
    public static IReadOnlyDictionary<string, Func<JsonArray>> All { get; } = new Dictionary<string, Func<JsonArray>>
    {
        ["identities.json"] = Identities,
        ["tabs.json"] = TabIds,
        ["pages.json"] = PageVectors,
        ["links.json"] = LinkVectors,
        ["frames.json"] = FrameVectors,
        ["refused.json"] = RefusedVectors.All,
    };

    private static JsonArray Identities() =>
    [
        Identity("alice", 1, Samples.Alice),
        Identity("bob", 2, Samples.Bob),
    ];

    private static JsonObject Identity(string name, int privateNumber, PublicKey key) => new()
    {
        ["name"] = name,
        ["privateNumber"] = privateNumber,
        ["key"] = key.ToString(),
        ["fingerprint"] = Fingerprint.Of(key).ToString(),
    };

    private static JsonArray TabIds()
    {
        string[] assets = ["credits/2", "EUR/2", "XRP/9", "X/0", "A.B.C.D.E.F./0"];
        return [.. assets.Select(TabOf)];
    }

    private static JsonObject TabOf(string text)
    {
        if (!Asset.TryParse(text, out var asset)
            || !TabTerms.TryCreate(Samples.Bob, Samples.Alice, asset, out var terms))
        {
            throw new InvalidOperationException(text);
        }
        return new JsonObject
        {
            ["asset"] = asset.Code,
            ["scale"] = asset.Scale,
            ["key0"] = terms.Key0.ToString(),
            ["key1"] = terms.Key1.ToString(),
            ["tab"] = terms.Id.ToString(),
        };
    }

    private static JsonArray PageVectors() =>
    [
        PageOf("receipt", Samples.Page()),
        PageOf("first page", Samples.Page() with
        {
            Number = 1, Previous = Samples.Terms.Id.Hash, Seen = Head.Empty(Samples.Terms.Id),
        }),
        .. Samples.EveryLine.Select(line => PageOf($"{(LineKind)LineCodec.KindOf(line)}", Samples.Page(line))),
        PageOf("limit none", Samples.Page(new LimitLine(Samples.Request, CreditLimit.None))),
        PageOf("limit 0", Samples.Page(new LimitLine(Samples.Request, CreditLimit.Zero))),
        PageOf("every kind at once", Samples.Page([.. Samples.EveryLine])),
        PageOf("unknown kind", Samples.Page(new UnknownLine(default, 64, [1, 2, 3]))),
        PageOf("amount 0", Samples.Page(Beyond(LineKind.Pay, w => { w.Integer(0); w.Text(""); }))),
        PageOf("amount 2^53", Samples.Page(Beyond(LineKind.Pay, w => { w.Integer(1L << 53); w.Text(""); }))),
        PageOf("limit 2^53", Samples.Page(Beyond(LineKind.Limit, w => w.Integer((1L << 53) + 1)))),
        PageOf("page number 2^53", Samples.Page() with { Number = 1L << 53 }),
    ];

    private static JsonObject PageOf(string name, Page page)
    {
        var encoded = PageCodec.Encode(page);
        var json = new JsonObject
        {
            ["name"] = name,
            ["page"] = Of(page),
            ["bytes"] = Hex(encoded.Bytes),
            ["hash"] = encoded.Hash.ToString(),
        };
        if (PageForm.Check(encoded) is { } refusal)
            json["rejection"] = refusal.Why.Name;
        return json;
    }

    private static OutOfBoundsLine Beyond(LineKind kind, Action<CanonicalWriter> fields)
    {
        var body = new CanonicalWriter(64);
        body.RequestId(Samples.Request);
        fields(body);
        return new OutOfBoundsLine(Samples.Request, (int)kind, [.. body.Finish()]);
    }

    private static JsonArray LinkVectors() =>
    [
        GreetingOf("dialler's greeting", Samples.AliceGreeting),
        GreetingOf("listener's greeting", Samples.BobGreeting),
        ProofOf("dialler's proof", LinkRole.Dialler),
        ProofOf("listener's proof", LinkRole.Listener),
        Record("hello", Of(Samples.Hello.Hello), Samples.Hello.Bytes, Samples.Hello.Hash),
        Record("fault", Of(Samples.Fault.Content.Fault), Samples.Fault.Content.Bytes, Samples.Fault.Content.Hash),
        Record("reset", Of(Samples.Reset.Reset), Samples.Reset.Bytes, Samples.Reset.Hash),
    ];

    private static JsonObject GreetingOf(string name, Greeting greeting) =>
        new JsonObject { ["name"] = name, ["fields"] = Of(greeting), ["bytes"] = Hex(GreetingCodec.Encode(greeting)) };

    private static JsonObject ProofOf(string name, LinkRole role) => new JsonObject
    {
        ["name"] = name,
        ["role"] = (int)role,
        ["diallerCertificate"] = Samples.AliceCertificate.ToString(),
        ["listenerCertificate"] = Samples.BobCertificate.ToString(),
        ["hash"] = LinkProof.HashToSign(
            Samples.AliceGreeting, Samples.BobGreeting, role, Samples.AliceCertificate, Samples.BobCertificate)
            .ToString(),
    };

    private static JsonObject Record(string name, JsonObject fields, ReadOnlyMemory<byte> bytes, Hash hash) =>
        new JsonObject { ["name"] = name, ["fields"] = fields, ["bytes"] = Hex(bytes), ["hash"] = hash.ToString() };

    private static JsonArray FrameVectors() => [.. Samples.EveryFrame.Select(FrameOf)];

    private static JsonObject FrameOf(Frame frame) => new JsonObject
    {
        ["name"] = frame.GetType().Name[..^"Frame".Length],
        ["bytes"] = Hex(FrameCodec.Write(frame)),
    };
}
