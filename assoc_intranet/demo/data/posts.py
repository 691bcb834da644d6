"""What they publish: sixty posts around today. A spot is a week (0 is this one) and a weekday: a Saturday stays one."""

from dataclasses import dataclass, field
from datetime import time

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
Spot = tuple[int, int]

# What the texts speak of, by the name they call it.
EVENTS: dict[str, Spot] = {
    "dernier_repair": (-2, SAT),
    "graines": (-1, SAT),
    "chantier": (0, SAT),
    "film": (1, WED),
    "compost": (1, SAT),
    "repair": (2, SAT),
}


@dataclass(frozen=True)
class Post:
    """`state` is what has become of it so far; a post whose hour has passed is published, whatever stands there."""

    author: str
    title: str
    networks: str
    spot: Spot | None
    hour: time | None
    state: str
    text: str = ""
    own: dict[str, str] = field(default_factory=dict)
    holder: str | None = None


POSTS = (
    # Three weeks ago
    Post(
        "josiane", "On cherche une machine à coudre", "facebook", (-3, MON), time(18), "done",
        """L'une de nos deux machines à coudre a rendu l'âme après onze ans d'ourlets. Une vieille dame
        dort dans votre grenier ? Elle retrouvera du travail, et de la compagnie, à la table couture.

        Toutes les marques nous vont, même muettes : Josiane les fait parler. Passez un mardi entre 14 h
        et 17 h, ou dites-le-nous en commentaire : nous venons la chercher.""",
    ),
    Post(
        "bruno", "Appel à vélos d'enfant", "facebook mastodon", (-3, TUE), time(12, 30), "done",
        """Les enfants grandissent plus vite que leurs vélos. Si un petit vélo attend dans votre garage,
        apportez-le à l'atelier : nous le remettons en route et il repart avec un autre enfant du
        quartier.

        Il en manque six avant la bourse aux vélos. Même crevés, même sans selle.""",
        own={
            "mastodon": """Les enfants grandissent plus vite que leurs vélos. Un petit vélo dort dans
            votre garage ? Apportez-le à l'atelier : il repart avec un autre enfant du quartier. Même
            crevé, même sans selle.
            #Namur #Vélo #Réemploi""",
        },
        holder="yvan",
    ),
    Post(
        "soufiane", "Nouveau : la page « Avant de venir au repair café »", "site", (-3, WED), time(9), "done",
        """On nous demande souvent s'il faut prendre rendez-vous (non), si c'est payant (non, mais une
        boîte attend vos pièces) et si l'on répare les téléphones (oui, s'ils s'ouvrent).

        Nous avons rassemblé les quinze questions les plus fréquentes sur une seule page, avec un plan
        pour arriver en bus et une photo de l'entrée. Elle est là :
        https://beche-tournevis.example/avant-de-venir""",
    ),
    Post(
        "chloe", "Avant/après : la lampe de Josiane", "instagram", (-3, THU), time(18), "done",
        """Avant : une lampe trouvée sur un trottoir, un fil coupé net et un abat-jour de travers. Après :
        regardez-la ! Deux heures, une douille à 3 €, et Henri qui n'a presque pas ronchonné.

        Glissez pour voir l'avant. Et chez vous, quelle lampe attend son heure ?

        #RepairCafé #Namur #AvantAprès #ZéroDéchet""",
    ),
    Post(
        "nadia", "Partenariat avec la Ressourcerie", "linkedin", (-3, FRI), time(11), "done",
        """Depuis ce mois-ci, la Ressourcerie nous confie les petits appareils qu'elle ne peut pas tester.
        Nous les ouvrons, nous les réparons, et ils retournent dans ses rayons avec une étiquette qui dit
        ce qui a été fait.

        Premier chariot : 34 appareils, 21 sauvés. Merci à Diego et à toute son équipe pour leur
        confiance. Les associations qui veulent voir comment nous nous organisons sont les bienvenues un
        mardi.""",
        holder="gaetan",
    ),
    Post(
        "lucette", "Permanence au jardin ce matin", "facebook", (-3, SAT), time(8, 30), "done",
        """Lucette ouvre la grille à 9 h et la referme à midi. Au menu : un coin de haie à pailler, des
        plants à repiquer et du café dans le thermos rouge. On vient dix minutes ou toute la matinée.""",
    ),
    Post(
        "ingrid", "Sortie plantes sauvages", "mastodon", (-3, SUN), time(10), "off",
        """Deux heures le long de la Meuse pour reconnaître ce qui se mange et ce qui se regarde
        seulement. Départ à 10 h devant l'écluse. #Namur #PlantesSauvages""",
    ),
    # Two weeks ago: the week of the repair café
    Post(
        "nadia", "Infolettre : le mois à l'atelier", "newsletter", (-2, MON), time(7), "done",
        """Bonjour à toutes et à tous,

        Ce mois-ci, il sera question d'un grille-pain plus âgé que notre présidente, d'une récolte de
        graines qui tient dans une boîte à chaussures, et d'une poule qui pond chez les voisins.

        • Repair café : {dernier_repair}, de 9 h à 13 h, à la salle 2
        • Échange de graines : {graines}, au jardin
        • Chantier au jardin : {chantier}, dès 9 h

        Et si vous n'avez qu'une heure à donner, répondez à ce message : nous avons une liste de choses
        qui prennent une heure, exactement.

        À bientôt, Nadia""",
    ),
    Post(
        "bruno", "Portrait : Henri, cinquante ans de soudure", "facebook instagram", (-2, TUE), time(18), "done",
        """« On ne répare pas un objet, on répare l'idée qu'il est fichu. » Henri soude depuis ses seize
        ans. Il a commencé dans les ateliers du chemin de fer ; il continue le samedi, à la table du fond,
        avec le même fer.

        Ce qu'il préfère : les radios. Ce qu'il redoute : les aspirateurs « parce qu'on ne sait jamais ce
        qu'il y a dedans ». Si vous le croisez, demandez-lui l'histoire du haut-parleur de la gare.""",
        own={
            "instagram": """« On ne répare pas un objet, on répare l'idée qu'il est fichu. »

            Henri, cinquante ans de soudure, la table du fond, le samedi. Demandez-lui l'histoire du
            haut-parleur de la gare.

            #Portrait #Bénévole #RepairCafé #Namur""",
        },
        holder="chloe",
    ),
    Post(
        "henri", "Trois outils à ne jamais jeter", "mastodon", (-2, WED), time(9), "done",
        """Un tournevis plat émoussé ouvre tous les pots de peinture. Une lime usée devient un grattoir.
        Une pince qui ne coupe plus tient très bien un clou droit.

        Avant de jeter un outil, demandez-lui ce qu'il sait encore faire. #Réparer #Outils""",
    ),
    Post(
        "josiane", "Repair café samedi : mode d'emploi", "facebook mastodon", (-2, THU), time(12), "done",
        """{dernier_repair}, de 9 h à 13 h, salle 2. Vous apportez l'objet, son câble et son histoire ;
        nous apportons les outils. Vous restez à côté de la personne qui répare : c'est la règle, et c'est
        le plus amusant.

        Un objet par personne à la fois, pas de micro-ondes (trop dangereux), et de la tarte tant qu'il en
        reste.""",
    ),
    Post(
        "chloe", "La table est mise… pour les grille-pain", "instagram", (-2, FRI), time(17, 30), "done",
        """Six nappes, quarante tournevis, un seul ouvre-boîte. Demain à 9 h, on répare.

        #RepairCafé #Namur #Demain""",
    ),
    Post(
        "aurelie", "C'est aujourd'hui !", "facebook", (-2, SAT), time(8, 30), "done",
        """La porte est ouverte, le café coule, Henri a mis ses lunettes. Nous sommes à la salle 2 jusqu'à
        13 h : venez avec ce qui ne marche plus.""",
        holder="nadia",
    ),
    Post(
        "soufiane", "37 objets sauvés, compteur ouvert", "mastodon", (-2, SAT), time(15, 10), "done",
        """Il est 13 h passées et on soude encore. 37 objets repartis en état de marche, 6 qui attendent
        une pièce, et une radio que personne n'a le cœur de déclarer morte. #RepairCafé #Namur""",
    ),
    Post(
        "bruno", "Le repair café en photos", "site", (-2, SAT), time(18), "done",
        """Vingt-deux photos de la matinée : les mains, les vis, les sourires quand la lumière revient.
        Personne n'y figure sans l'avoir voulu ; si vous changez d'avis, écrivez-nous, la photo part le
        jour même.""",
        holder="soufiane",
    ),
    Post(
        "nadia", "Merci : 41 objets réparés", "facebook instagram mastodon", (-2, SUN), time(18), "done",
        """62 personnes, 41 objets réparés, 7 tartes. Merci aux quatorze bénévoles qui ont tenu la
        matinée, et à vous qui avez attendu votre tour en racontant d'où venait votre bouilloire.

        Presque cent kilos de choses retournent dans vos maisons au lieu de partir à la décharge. Prochain
        rendez-vous : {repair}.""",
        own={
            "instagram": """62 personnes, 41 objets réparés, 7 tartes. Merci !

            Prochain rendez-vous : {repair}.

            #RepairCafé #Namur #Merci #ZéroDéchet""",
            "mastodon": """62 personnes, 41 objets réparés, 7 tartes : merci ! Presque cent kilos qui ne
            partent pas à la décharge. Prochain repair café : {repair}. #RepairCafé #Namur""",
        },
    ),
    # Last week: seeds
    Post(
        "gaetan", "41 réparations, et ce qu'elles valent", "linkedin", (-1, MON), time(12), "done",
        """Notre dernier repair café en chiffres : 41 réparations, quatorze bénévoles, 56 heures de
        travail offertes et une dépense de 38 € en pièces.

        Ce que les chiffres ne disent pas : onze personnes sont reparties en sachant changer un fusible.
        La réparation se transmet mieux qu'elle ne se vend.""",
    ),
    Post(
        "chloe", "Le grille-pain de 1978", "instagram", (-1, TUE), time(18), "done",
        """Orange, évidemment. Il grillait déjà les tartines de la mère de Paulette. Diagnostic : une
        résistance fendue, une miette de quarante ans et beaucoup d'émotion. Il remarche.

        #Vintage #RepairCafé #Namur""",
    ),
    Post(
        "lucette", "La grainothèque passe à 112 variétés", "mastodon", (-1, WED), time(18), "done",
        """Avec les haricots d'Espagne de Pol et les capucines de Fatoumata, la boîte à graines compte 112
        variétés. On prend, on sème, on récolte, on en rapporte une poignée. Rien à payer, rien à signer.
        #Grainothèque #Jardin""",
    ),
    Post(
        "henri", "Qui a perdu ce tournevis ?", "facebook", (-1, THU), time(12, 30), "done",
        """Retrouvé sous la table couture : un tournevis cruciforme à manche jaune, très aimé, avec un « M
        » gravé. Son propriétaire le retrouvera chez Henri contre une bonne histoire.""",
    ),
    Post(
        "lucette", "Samedi, on échange nos graines", "facebook mastodon", (-1, FRI), time(18), "done",
        """{graines}, de 9 h à midi, sous l'auvent du jardin. Apportez vos surplus dans une enveloppe avec
        le nom et l'année : tomates, courges, fleurs, mystères. Si vous n'avez rien à donner, venez quand
        même : on repart toujours avec quelque chose.""",
        holder="paulette",
    ),
    Post(
        "paulette", "Échange de graines : c'est ouvert jusqu'à midi", "facebook", (-1, SAT), time(10), "done",
        """Trois tables, une centaine d'enveloppes et déjà deux débats sur la bonne date pour semer les
        poireaux. Rejoignez-nous, il reste du soleil et de la place.""",
    ),
    Post(
        "chloe", "Des graines dans toutes les poches", "instagram", (-1, SAT), time(16), "done",
        """Ce que l'on ramène d'une matinée au jardin : huit enveloppes, une bouture de sauge et de la
        terre sous les ongles.

        #Grainothèque #JardinPartagé #Namur""",
    ),
    Post(
        "fatoumata", "Recette : velouté d'épluchures", "site", (-1, SUN), time(10), "done",
        """Pour quatre bols : les épluchures bien lavées de six pommes de terre et de quatre carottes, un
        oignon, un reste de pain, un litre d'eau. Faites revenir, couvrez, laissez vingt minutes, mixez.
        Le pain donne le velours.

        On n'épluche jamais pour la soupe : on fait la soupe parce qu'on a épluché.""",
    ),
    # This week: the working day at the garden
    Post(
        "nadia", "Le programme de la semaine", "facebook", (0, MON), time(12, 30), "planned",
        """Cette semaine à la Bêche : mardi, l'atelier de 14 h à 17 h ; jeudi, la table couture ;
        {chantier}, chantier au jardin à partir de 9 h, soupe comprise. Les bottes se prêtent, les bras se
        donnent.""",
    ),
    Post(
        "ingrid", "Récupérateur d'eau : où en est-on ?", "mastodon", (0, MON), time(18), "planned",
        """La cuve de 1 000 litres est posée, la gouttière arrive jusqu'au mur, il manque le dernier
        mètre. Si vous avez un coude en zinc de 80, votre heure est venue. #Jardin #Eau #Namur""",
        holder="bruno",
    ),
    Post(
        "gaetan", "Ce que coûte un objet jeté", "linkedin", (0, TUE), time(12), "review",
        """Une bouilloire à 25 € qui dure trois ans coûte plus cher qu'une bouilloire à 60 € qui se
        démonte. Nous avons fait le calcul avec les fiches de nos quarante dernières réparations : deux
        pannes sur trois viennent d'une pièce à moins de 5 €.

        Aux marques qui nous lisent : mettez des vis, pas de la colle.""",
    ),
    Post(
        "chloe", "Le jardin en cinq photos", "instagram", (0, TUE), time(18), "planned",
        """1. La lumière de 8 h. 2. La brouette qui n'a plus qu'un bras. 3. Les poules, de dos. 4. Le
        paillage tout neuf. 5. Les mains de Pol.

        #JardinPartagé #Namur""",
    ),
    Post(
        "rachid", "Comment on choisit ce qu'on répare", "site", (0, WED), time(9), "ok",
        """Trois questions, dans cet ordre. Est-ce dangereux ? Si oui, on s'arrête. Est-ce que cela
        s'ouvre ? Si non, on essaie quand même. Est-ce que quelqu'un y tient ? Si oui, on n'abandonne pas.

        Le reste s'apprend à la table, avec les autres.""",
        holder="soufiane",
    ),
    Post(
        "henri", "Une réparation à la maison : le câble", "facebook mastodon", (0, WED), time(18, 30), "planned",
        """Un appareil qui marche quand on tord son câble n'est pas capricieux : le fil est cassé près de
        la prise. On débranche, on coupe dix centimètres, on remonte la fiche. Vingt minutes, 2 €.

        Vous n'osez pas ? Venez le faire avec nous : c'est ainsi qu'on apprend.""",
        own={
            "mastodon": """Un appareil qui marche quand on tord son câble n'est pas capricieux : le fil
            est cassé près de la prise. On débranche, on coupe dix centimètres, on remonte la fiche. Vingt
            minutes, 2 €. #Réparer""",
        },
    ),
    Post(
        "aurelie", "Atelier compost : il reste quatre places", "facebook", (0, THU), time(12, 30), "planned",
        """{compost}, de 10 h à midi, Yvan montre comment un seau de cuisine devient de la terre, sans
        odeur et sans voisins fâchés. Quatre places encore, gratuites. Inscription en commentaire ou à la
        permanence.""",
        holder="yvan",
    ),
    Post(
        "bruno", "Qui garde les poules le week-end prochain ?", "mastodon", (0, THU), time(19), "review",
        """Blanquette, Mobylette et Georgette cherchent une âme douce pour ouvrir le poulailler à 8 h et
        le fermer à la tombée du jour. Payé en œufs, au cours du jour. #Poules #Namur""",
    ),
    Post(
        "chloe", "Bottes, gants, bonne humeur", "instagram", (0, FRI), time(12), "ok",
        """Liste officielle pour {chantier} : des bottes, des gants, votre mug et quelqu'un que vous aimez
        bien. On fournit les bêches et la soupe.

        #Chantier #JardinPartagé #Namur""",
    ),
    Post(
        "ingrid", "Demain, chantier au jardin", "facebook", (0, FRI), time(18), "planned",
        """{chantier}, de 9 h à 16 h : on finit la gouttière, on paille la haie, on répare la porte de
        l'abri. Le terrain est accessible en fauteuil par la rue des Brasseurs. Soupe à midi pour tout le
        monde, même pour qui arrive à midi.""",
    ),
    Post(
        "lucette", "Chantier au jardin : on commence", "facebook mastodon", (0, SAT), time(8, 30), "planned",
        """La grille est ouverte, le thermos rouge est plein. Venez quand vous voulez, partez quand vous devez.""",
        holder="ingrid",
    ),
    Post(
        "elodie", "Douze paires de bottes", "instagram", (0, SAT), time(17), "fix",
        """Alignées contre le mur, douze paires de bottes racontent la journée mieux que nous. La plus
        petite est du 24.

        #JardinPartagé #Namur""",
    ),
    Post(
        "fatoumata", "Recette du dimanche : pesto de fanes", "site facebook", (0, SUN), time(18), "planned",
        """Les fanes d'une botte de radis ou de carottes, une poignée de noix, de l'huile, du sel, un peu
        de fromage dur : mixez par petits coups. Il se garde une semaine au frais, et personne ne devine
        ce que c'est.""",
    ),
    # Next week: the film and the compost
    Post(
        "ingrid", "Merci aux mains vertes de samedi", "facebook", (1, MON), time(18), "draft",
        """Merci à … personnes venues au chantier ! La gouttière coule enfin dans la cuve. (Compléter les
        chiffres dimanche soir et demander à Élodie la photo des bottes.)""",
    ),
    Post(
        "nadia", "Infolettre : le programme du mois", "newsletter", (1, TUE), time(7), "review",
        """Bonjour à toutes et à tous,

        La gouttière est presque finie, les poules vont bien, et deux rendez-vous nous attendent :

        • {film}, 20 h : soirée film et débat, salle 2, entrée libre
        • {repair}, de 9 h à 13 h : repair café

        Un mot de bienvenue enfin pour Zoé et Grzegorz, arrivés ces dernières semaines à l'atelier :
        faites-leur une place près du poêle.

        À bientôt, Nadia""",
        holder="bruno",
    ),
    Post(
        "jean-baptiste", "Soirée film mercredi : il reste douze places", "facebook mastodon",
        (1, TUE), time(12, 30), "planned",
        """{film} à 20 h, salle 2 : un documentaire de 52 minutes sur celles et ceux qui réparent les
        trains, puis une discussion avec deux cheminots à la retraite (dont Henri). Entrée libre, il reste
        douze chaises.""",
        holder="bruno",
    ),
    Post(
        "jean-baptiste", "Ce soir, on projette", "instagram", (1, WED), time(17), "review",
        """Le drap est tendu, le maïs éclate. 20 h, salle 2. Apportez un coussin.

        #Film #Namur""",
        holder="chloe",
    ),
    Post(
        "yvan", "Vos questions sur le compost", "mastodon", (1, THU), time(9), "fix",
        """Peut-on y mettre les agrumes, le pain, le marc, les coquilles ? Oui, non, oui, écrasées. Posez
        les autres questions ici, Yvan y répond jusqu'à {compost}. #Compost""",
    ),
    Post(
        "bruno", "Un vendredi sans achat ?", "facebook", (1, FRI), time(7, 30), "review",
        """Ce vendredi, partout, on solde. Chez nous, rien n'est à vendre et presque tout se répare.
        L'atelier est ouvert de 14 h à 20 h : apportez ce que vous alliez remplacer.""",
    ),
    Post(
        "yvan", "Atelier compost ce matin", "facebook", (1, SAT), time(9), "planned",
        """Rendez-vous à 10 h près des trois bacs. Mettez des chaussures qui ne craignent rien et apportez
        un bocal : vous repartirez avec des vers.""",
        holder="aurelie",
    ),
    Post("chloe", "Le compost, côté vers de terre", "instagram", (1, SAT), time(14), "idea"),
    Post(
        "lucette", "Mode d'emploi de la grainothèque", "site", (1, SUN), time(10), "draft",
        """On prend ce que l'on va vraiment semer. On note dans le cahier la date et la variété. On laisse
        monter deux ou trois plants en graines, les plus beaux. On en rapporte une poignée, sèche, dans
        une enveloppe fermée.

        À ajouter : comment sécher les graines de tomate.""",
        holder="soufiane",
    ),
    # In two weeks: the next repair café
    Post(
        "josiane", "Le repair café revient samedi", "facebook mastodon", (2, MON), time(18), "ok",
        """{repair}, de 9 h à 13 h, salle 2. Petit électro, couture, vélos, bois : quatre tables, quatorze
        bénévoles. Un objet à la fois, son câble avec lui, et vous à côté.""",
        holder="nadia",
    ),
    Post(
        "gaetan", "Nos chiffres de l'année, sans jargon", "linkedin", (2, WED), time(12), "draft",
        """Onze repair cafés. 402 objets apportés, 268 réparés, 57 en attente d'une pièce. 31 bénévoles
        dont 9 nouveaux. Demander à Marie-Antoinette le total des pièces achetées.""",
        holder="marie-antoinette",
    ),
    Post("henri", "Une boîte à outils se raconte", "instagram", (2, THU), time(18), "idea"),
    Post(
        "aurelie", "À table : qui apporte quoi samedi ?", "facebook mastodon", (2, FRI), time(11), "draft",
        """Comme chaque fois, la table du fond se remplit de ce que chacun apporte. La dernière fois nous
        avions sept tartes et pas une seule soupe, ce qui n'est pas raisonnable, même pour nous. Cette
        fois, essayons de nous répartir : les personnes dont le prénom commence par les lettres A à G
        apportent une soupe ou du pain, de H à M quelque chose de salé, de N à Z un dessert. Les bénévoles
        qui réparent n'apportent rien, sauf leurs mains. Dites en commentaire ce que vous préparez, cela
        évitera les doublons, et pensez à noter les allergènes sur un petit papier !""",
    ),
    Post(
        "nadia", "C'est aujourd'hui : on répare", "facebook instagram", (2, SAT), time(8, 30), "planned",
        """Salle 2, de 9 h à 13 h. Apportez ce qui ne marche plus, son câble et son histoire.""",
        own={
            "instagram": """Ce qui ne marche plus, son câble et son histoire : salle 2, 9 h à 13 h.

            #RepairCafé #Namur #AujourdHui""",
        },
        holder="aurelie",
    ),
    Post("bruno", "Photos du repair café", "site", (2, SUN), time(18), "idea", holder="soufiane"),
    # In three weeks
    Post(
        "bruno", "Portrait : Lucette et ses 112 sachets", "facebook instagram", (3, TUE), time(18), "idea",
        """La rencontrer un mercredi, quand elle trie. Lui demander d'où vient le haricot « Mère Louise ».""",
        holder="chloe",
    ),
    Post(
        "elodie", "Offre : un stage à l'atelier", "site linkedin", (3, THU), time(9), "draft",
        """Nous accueillons une personne en stage, trois jours par semaine pendant deux mois, pour apprendre à
        diagnostiquer, à réparer et à expliquer. Aucun diplôme demandé ; de la patience, oui.""",
        holder="gaetan",
    ),
    Post(
        "paulette", "Brocante de quartier : notre stand", "facebook", (3, SUN), time(10), "off",
        """Retrouvez-nous devant la boulangerie, avec nos objets ressuscités. (Annulé : la brocante n'a pas lieu.)""",
    ),
    # No day yet
    Post(
        "ingrid", "Le récupérateur d'eau, vu du toit", "instagram", None, None, "ok",
        """Vingt marches plus haut, le jardin a la forme d'une bêche. Personne ne l'avait remarqué avant
        que Pol ne monte déboucher la gouttière.

        #JardinPartagé #VuDEnHaut #Namur""",
        holder="chloe",
    ),
    Post(
        "aurelie", "Appel à bénévoles pour l'accueil du samedi", "facebook", None, None, "draft",
        """Accueillir, c'est dire bonjour, écrire un prénom sur une étiquette et servir un café. Il nous
        manque deux personnes, un samedi par mois. On apprend tout sur place.""",
        holder="nadia",
    ),
    Post(
        "rachid", "Diagnostiquer un petit appareil en six questions", "site", None, None, "draft",
        """Est-il branché ? Le fusible est-il bon ? Le câble est-il entier ? L'interrupteur fait-il clic ?
        Cela chauffe-t-il ? Cela sent-il ? Pour chaque question, un dessin de Josiane.""",
        holder="josiane",
    ),
    Post("pol", "Vos outils préférés ?", "mastodon", None, None, "idea"),
    Post(
        "gaetan", "Pourquoi nous ne sommes pas partout", "site facebook", None, None, "review",
        """On nous demande un compte sur chaque nouveau réseau. Nous avons choisi d'en tenir quelques-uns,
        bien, à plusieurs, plutôt que d'en abandonner beaucoup. Un compte muet dit « il n'y a plus
        personne » ; une réponse dans la journée dit le contraire.""",
    ),
)  # fmt: skip
