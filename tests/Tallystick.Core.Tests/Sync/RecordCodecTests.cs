using FsCheck;
using FsCheck.Fluent;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Sync;
using Tallystick.Core.Tests.Wire;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Tests.Sync;

public sealed class RecordCodecTests
{
    [Fact]
    public void A_hello_comes_back_as_it_was_and_its_hash_is_that_of_its_bytes()
    {
        Assert.True(HelloCodec.TryDecode(Samples.Hello.Bytes, out var hello, out _));
        Assert.Equal(Samples.Hello.Hello, hello.Hello);
        Assert.Equal(Hash.Of(Samples.Hello.Bytes.Span), hello.Hash);
    }

    [Fact]
    public void Every_mutated_byte_of_a_hello_is_refused_or_makes_another_canonical_hello() => MutateEveryByte(
        Samples.Hello.Bytes,
        bytes => HelloCodec.TryDecode(bytes, out var hello, out _) ? HelloCodec.Encode(hello.Hello).Bytes : default);

    [Fact]
    public void Every_mutated_byte_of_a_greeting_is_refused_or_makes_another_canonical_greeting() => MutateEveryByte(
        GreetingCodec.Encode(Samples.AliceGreeting),
        bytes => GreetingCodec.TryDecode(bytes, out var greeting, out _) ? GreetingCodec.Encode(greeting) : default);

    [Fact]
    public void Every_mutated_byte_of_a_fault_is_refused_or_makes_another_canonical_fault() => MutateEveryByte(
        Samples.Fault.Content.Bytes,
        bytes => FaultCodec.TryDecode(bytes, out var fault, out _) ? FaultCodec.Encode(fault.Fault).Bytes : default);

    [Fact]
    public void Every_mutated_byte_of_a_reset_is_refused_or_makes_another_canonical_reset() => MutateEveryByte(
        Samples.Reset.Bytes,
        bytes => ResetCodec.TryDecode(bytes, out var reset, out _) ? ResetCodec.Encode(reset.Reset).Bytes : default);

    [Fact]
    public void A_reset_that_contradicts_itself_is_refused()
    {
        var (good, zero, one) = (Samples.Reset.Reset, Samples.Reset.Reset.Zero, Samples.Reset.Reset.One);
        Reset[] bad =
        [
            good with { Era = 0 },
            good with { Era = 1 },
            good with { Zero = zero with { First = zero.Kept.Number } },
            good with { One = one with { First = PageBounds.NumberLimit } },
            good with { One = one with { Kept = one.Kept with { Hash = default } } },
            good with { One = one with { Limit = CreditLimit.None } },
            good with { Zero = zero with { Version = 0 } },
            good with { Zero = zero with { Given = PageBounds.MaxGivenAndHeld } },
            good with { Zero = zero with { Holds = [.. zero.Holds.Reverse()] } },
            good with { Zero = zero with { Holds = [zero.Holds[0], zero.Holds[0]] } },
            good with { Zero = zero with { Holds = [zero.Holds[0] with { Ref = new Ref(301, 0) }] } },
            good with { Zero = zero with { Holds = [zero.Holds[0] with { Locks = [] }] } },
        ];
        foreach (var reset in bad)
            Assert.False(ResetCodec.TryDecode(ResetCodec.Encode(reset).Bytes, out _, out _));
    }

    [Fact]
    public void A_record_cut_at_any_place_or_longer_by_a_byte_is_refused()
    {
        AssertNoOtherLength(Samples.Hello.Bytes, bytes => HelloCodec.TryDecode(bytes, out _, out _));
        AssertNoOtherLength(Samples.Reset.Bytes, bytes => ResetCodec.TryDecode(bytes, out _, out _));
        AssertNoOtherLength(Samples.Fault.Content.Bytes, bytes => FaultCodec.TryDecode(bytes, out _, out _));
        AssertNoOtherLength(
            GreetingCodec.Encode(Samples.BobGreeting), bytes => GreetingCodec.TryDecode(bytes, out _, out _));
    }

    [Fact]
    public void Random_bytes_after_a_tag_never_throw() =>
        Prop.ForAll(AnyValue.Bytes.ToArbitrary(), bytes =>
        {
            HelloCodec.TryDecode((byte[])[.. "tab-hello/1"u8, .. bytes], out _, out _);
            FaultCodec.TryDecode((byte[])[.. "tab-fault/1"u8, .. bytes], out _, out _);
            ResetCodec.TryDecode((byte[])[.. "tab-reset/1"u8, .. bytes], out _, out _);
            GreetingCodec.TryDecode((byte[])[.. Samples.Alice.ToArray(), .. bytes], out _, out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void A_fault_keeps_the_page_the_signature_and_a_name_that_is_not_known_here()
    {
        var sent = Samples.Fault.Content.Fault with { Rejection = "a-rule-of-tomorrow" };
        Assert.True(FaultCodec.TryDecode(FaultCodec.Encode(sent).Bytes, out var fault, out _));
        Assert.Equal("a-rule-of-tomorrow", fault.Fault.Rejection);
        Assert.Equal(sent.Page.Hash, fault.Fault.Page.Hash);
        Assert.True(sent.Page.Signature.Span.SequenceEqual(fault.Fault.Page.Signature.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Over-Limit")]
    [InlineData("over limit")]
    [InlineData("\u001b[31m")]
    public void A_fault_or_a_bye_with_another_kind_of_name_is_refused(string name)
    {
        var fault = FaultCodec.Encode(Samples.Fault.Content.Fault with { Rejection = name });
        Assert.False(FaultCodec.TryDecode(fault.Bytes, out _, out _));
    }

    [Fact]
    public void A_hello_with_an_impossible_asset_or_head_is_refused()
    {
        AssertRefused(w => w.Text("EUR/2"), w => w.Integer(2), 0);
        AssertRefused(w => w.Text("THIRTEENCHARS"), w => w.Integer(2), 0);
        AssertRefused(w => w.Text("EUR"), w => w.Integer(10), 0);
        AssertRefused(w => w.Text("EUR"), w => w.Integer(2), PageBounds.NumberLimit);
    }

    [Theory]
    [InlineData(65536, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 2, 1)]
    public void A_greeting_with_an_impossible_port_or_range_is_refused(int port, int min, int max)
    {
        var greeting = Samples.AliceGreeting with { ListenPort = port, MinVersion = min, MaxVersion = max };
        Assert.False(GreetingCodec.TryDecode(GreetingCodec.Encode(greeting), out _, out _));
    }

    [Fact]
    public void A_link_proof_differs_by_role_by_certificates_and_by_every_greeting()
    {
        var (alice, bob) = (Samples.AliceGreeting, Samples.BobGreeting);
        var (aliceCert, bobCert) = (Samples.AliceCertificate, Samples.BobCertificate);
        Hash[] hashes =
        [
            LinkProof.HashToSign(alice, bob, LinkRole.Dialler, aliceCert, bobCert),
            LinkProof.HashToSign(alice, bob, LinkRole.Listener, aliceCert, bobCert),
            LinkProof.HashToSign(bob, alice, LinkRole.Dialler, aliceCert, bobCert),
            LinkProof.HashToSign(alice, bob, LinkRole.Dialler, bobCert, aliceCert),
            LinkProof.HashToSign(alice with { Name = "alic" }, bob, LinkRole.Dialler, aliceCert, bobCert),
            LinkProof.HashToSign(alice, bob with { MaxVersion = 1 }, LinkRole.Dialler, aliceCert, bobCert),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData(65536, 1, 1, "port")]
    [InlineData(1, 0, 1, "versions")]
    public void What_is_wrong_with_a_greeting_is_said(int port, int min, int max, string word)
    {
        var greeting = Samples.AliceGreeting with { ListenPort = port, MinVersion = min, MaxVersion = max };
        Assert.False(GreetingCodec.TryDecode(GreetingCodec.Encode(greeting), out _, out var refusal));
        Assert.StartsWith("The greeting cannot be read: ", refusal.Text, StringComparison.Ordinal);
        Assert.Contains(word, refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_record_is_said_with_its_name()
    {
        var name = FaultCodec.Encode(Samples.Fault.Content.Fault with { Rejection = "Over" });
        Assert.False(FaultCodec.TryDecode(name.Bytes, out _, out var refusal));
        Assert.Contains("fault cannot be read: a name holds other characters", refusal.Text, StringComparison.Ordinal);
        var far = Samples.Hello.Hello with { Mine = new Head(PageBounds.NumberLimit, default) };
        Assert.False(HelloCodec.TryDecode(HelloCodec.Encode(far).Bytes, out _, out refusal));
        Assert.Contains("hello cannot be read: a page number", refusal.Text, StringComparison.Ordinal);
        Assert.False(LineCodec.TryDecode([1, 0], out _, out refusal));
        Assert.Contains("line cannot be read: in a Pay line, it ends", refusal.Text, StringComparison.Ordinal);
    }

    private static void AssertRefused(Action<CanonicalWriter> code, Action<CanonicalWriter> scale, long number)
    {
        var writer = new CanonicalWriter(512);
        writer.Raw("tab-hello/1"u8);
        writer.Hash(Samples.Terms.Id.Hash);
        code(writer);
        scale(writer);
        writer.Byte(0);
        writer.Head(new Head(number, default));
        writer.Head(default);
        writer.Head(default);
        for (var i = 0; i < 5; i++)
            writer.Hash(default);
        writer.Integer(1);
        Assert.False(HelloCodec.TryDecode(writer.Finish(), out _, out var refusal));
        Assert.Equal("bad-encoding", refusal.Why.Name);
    }

    private static void MutateEveryByte(
        ReadOnlyMemory<byte> original, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> recode)
    {
        Assert.True(recode(original).Span.SequenceEqual(original.Span));
        var mutated = original.ToArray();
        for (var at = 0; at < mutated.Length; at++)
        {
            foreach (var flip in Mutation.Flips)
            {
                mutated[at] = (byte)(original.Span[at] ^ flip);
                if (recode(mutated) is { IsEmpty: false } again && !again.Span.SequenceEqual(mutated))
                    Assert.Fail($"byte {at} ^ {flip}");
            }
            mutated[at] = original.Span[at];
        }
    }

    private static void AssertNoOtherLength(ReadOnlyMemory<byte> bytes, Predicate<ReadOnlyMemory<byte>> decodes)
    {
        Assert.True(decodes(bytes));
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(decodes(bytes[..length]), $"cut at {length}");
        Assert.False(decodes((byte[])[.. bytes.Span, 0]));
    }
}
