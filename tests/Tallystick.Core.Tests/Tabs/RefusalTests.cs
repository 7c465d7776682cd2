using System.Reflection;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Tabs;

public sealed class RefusalTests
{
    // One value of every type that a refusal's sentence is made of.
    private static readonly Dictionary<Type, object> Values = new()
    {
        [typeof(long)] = 41L,
        [typeof(int)] = 42,
        [typeof(TabId)] = Samples.Terms.Id,
        [typeof(Totals)] = new Totals(1, 2, 3, 4),
        [typeof(Hash)] = Samples.HashOf("digest"),
        [typeof(Amount)] = Amount.FromUnits(43),
        [typeof(CreditLimit)] = CreditLimit.FromUnits(44),
        [typeof(Ref)] = new Ref(45, 46),
        [typeof(Revision)] = new Revision(new Ref(47, 48), Amount.FromUnits(49), "", ""),
    };

    [Fact]
    public void Every_refusal_is_one_sentence_with_the_values_that_broke_the_rule()
    {
        var all = typeof(Rejections).Assembly.GetType("Tallystick.Core.Tabs.Refusals")!
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly);
        Assert.True(all.Length > 30);
        foreach (var make in all)
        {
            var values = make.GetParameters().Select(parameter => Values[parameter.ParameterType]).ToArray();
            var refusal = (Refusal)make.Invoke(null, values)!;
            Assert.True(refusal.Text.Length > 15 && refusal.Text.EndsWith('.'), make.Name);
            Assert.Matches("^[A-Z0-9]", refusal.Text);
            foreach (var value in values)
                Assert.Contains(value is Revision { Ref: var at } ? at.ToString() : value.ToString()!, refusal.Text);
            Assert.Equal($"{refusal.Why.Name}: {refusal.Text}", refusal.ToString());
        }
    }

    [Fact]
    public void Every_name_is_the_one_of_the_protocol_and_has_its_class()
    {
        var names = typeof(Rejections).GetFields().Select(field => (Field: field, Value: field.GetValue(null)))
            .Where(pair => pair.Value is Rejection).ToList();
        Assert.True(names.Count > 30);
        foreach (var (field, value) in names)
        {
            var name = string.Concat(field.Name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{c}" : $"{c}"));
            Assert.Equal(name.ToLowerInvariant(), ((Rejection)value!).Name);
            Assert.Equal(((Rejection)value).Name, value.ToString());
        }
        Assert.Equal(RejectionClass.Stall, Rejections.UpgradeNeeded.Class);
    }
}
